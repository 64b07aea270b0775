//! Finding out who sent a message.

use super::builder::SecurityLogBuilder;
use super::caller::{Caller, Subject};
use super::log::SecurityLog;
use crate::span::contained;

/// See [`SecurityLogBuilder::subject`].
pub(super) type SubjectHook = Box<dyn Fn(&Caller<'_>) -> Option<String> + Send + Sync>;

impl SecurityLogBuilder {
    /// Sets who a message is from: `usr.id`, of which the log has the first 256 bytes. Where the hook
    /// does not know, or there is none, it is the [`Subject`] that an authentication layer put into
    /// the extensions of the HTTP request or of the message.
    ///
    /// The hook is called once for each message and each request that is refused, as it comes in or is
    /// refused, on the thread that handles it: it should look something up, and not wait. Should it
    /// panic, the subject is not known, and nothing else happens.
    ///
    /// Detection counts by subject. Take it from what the server itself knows (a verified token, a
    /// client certificate, a header that your gateway sets), never from what callers can change as
    /// they please: it would let them hide.
    ///
    /// # Example
    /// ```
    /// use mcp_observe::Telemetry;
    /// use mcp_observe::security::SecurityLog;
    ///
    /// /// What the server's authentication layer inserts into the extensions of a request.
    /// #[derive(Clone)]
    /// struct Claims {
    ///     sub: String,
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let log = SecurityLog::builder()
    ///     .writer(std::io::stderr())
    ///     .subject(|caller| Some(caller.extension::<Claims>()?.sub.clone()));
    /// let telemetry = Telemetry::builder().security_log(log).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn subject(
        mut self,
        hook: impl Fn(&Caller<'_>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.subject = Some(Box::new(hook));
        self
    }
}

impl SecurityLog {
    /// The hook's answer, else what an authentication layer left.
    pub(crate) fn subject_of(&self, caller: &Caller<'_>) -> Option<String> {
        let of_hook = self
            .subject_hook()
            .and_then(|hook| contained(|| hook(caller)).flatten());
        of_hook.or_else(|| {
            let subject: &Subject = caller.extension()?;
            Some(subject.as_str().to_owned())
        })
    }
}
