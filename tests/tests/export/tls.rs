//! A receiver behind TLS, whose certificate is of an authority that the machine does not know.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Something in front of a receiver that ends TLS.
pub(crate) struct Tls {
    pub(crate) endpoint: String,
    /// The authority's certificate, for `SSL_CERT_FILE`.
    pub(crate) authority: PathBuf,
}

/// Ends TLS for the receiver at `plain`; `alpn` is the protocol that is spoken inside.
pub(crate) async fn in_front_of(plain: String, alpn: &'static str) -> Tls {
    let mut params = CertificateParams::new(Vec::new()).expect("no names are wrong");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("there is randomness");
    let authority = CertifiedIssuer::self_signed(params, key).expect("it can be signed");
    let key = KeyPair::generate().expect("there is randomness");
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .expect("it is a name")
        .signed_by(&key, &authority)
        .expect("it can be signed");

    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let file = directory.join(format!(
        "authority-{}-{}.pem",
        alpn.len(),
        std::process::id()
    ));
    std::fs::write(&file, authority.pem()).expect("it can be written");

    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("there are some")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("they belong together");
    config.alpn_protocols = vec![alpn.into()];

    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, plain) = (acceptor.clone(), plain.clone());
            tokio::spawn(async move {
                // Who does not trust the certificate goes away: that is what one of the tests is for.
                let Ok(mut secure) = acceptor.accept(stream).await else {
                    return;
                };
                let mut plain = TcpStream::connect(plain).await.expect("it is there");
                let _ = copy_bidirectional(&mut secure, &mut plain).await;
            });
        }
    });
    Tls {
        endpoint: format!("https://localhost:{port}"),
        authority: file,
    }
}
