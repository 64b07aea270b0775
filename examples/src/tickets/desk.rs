//! What the ticket server works on: a support desk. Its tickets are these three, and its mail relay is nothing
//! but the time that it takes.

use std::future;
use std::time::Duration;

use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout};

/// How long the mail relay is waited for.
const RELAY_TIMEOUT: Duration = Duration::from_millis(80);

/// Mail to this domain is never taken: its relay does not answer.
const DEAD_DOMAIN: &str = "@example.net";

/// What a customer asked.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) number: u32,
    pub(crate) customer: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) text: &'static str,
    pub(crate) is_urgent: bool,
}

const TICKETS: [Ticket; 3] = [
    Ticket {
        number: 1,
        customer: "ada@example.com",
        subject: "The invoice of May is missing",
        text: "Where is it?",
        is_urgent: false,
    },
    Ticket {
        number: 2,
        customer: "grace@example.com",
        subject: "A refund, please",
        text: "The card that I paid with ends in 4242.",
        is_urgent: true,
    },
    Ticket {
        number: 3,
        customer: "linus@example.net",
        subject: "A refund that did not arrive",
        text: "I was promised one.",
        is_urgent: true,
    },
];

/// The tickets whose subject has these words.
pub(crate) async fn search(words: &str) -> impl Iterator<Item = &'static Ticket> {
    sleep(Duration::from_millis(12)).await;
    let words = words.to_lowercase();
    let tickets = TICKETS.iter();
    tickets.filter(move |ticket| ticket.subject.to_lowercase().contains(&words))
}

/// The ticket of that number.
pub(crate) async fn ticket(number: u32) -> Option<&'static Ticket> {
    sleep(Duration::from_millis(3)).await;
    TICKETS.iter().find(|ticket| ticket.number == number)
}

/// Hands a mail over to the customer's relay.
pub(crate) async fn mail(to: &str, text: &str) -> Result<(), Elapsed> {
    let size = Duration::from_micros(u64::try_from(text.len()).unwrap_or(0).min(5_000));
    timeout(RELAY_TIMEOUT, async {
        if to.ends_with(DEAD_DOMAIN) {
            future::pending::<()>().await;
        }
        sleep(Duration::from_millis(25) + size).await;
    })
    .await
}
