//! What can be told of a message from its first bytes.

use std::collections::BTreeMap;

use super::members::{Member, Members, Scalar, read};
use crate::closed::{Method, ProtocolVersion};
use crate::operation::message::RequestId;

const META_PROTOCOL_VERSION: &str = "io.modelcontextprotocol/protocolVersion";

/// What was seen of a message, which may be anything at all and end anywhere.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) method: Option<Method>,
    /// Its name, if it is unknown: to be hashed.
    pub(super) unknown_method: Option<String>,
    id: Option<Scalar>,
    /// The strings in `params._meta`.
    pub(super) meta: BTreeMap<String, String>,
    has_result: bool,
}

impl Seen {
    pub(super) fn of(json: &[u8]) -> Self {
        let mut seen = Self::default();
        read(json, &mut seen);
        seen
    }

    /// Whether it is no message of its own, but the answer to one of the server's.
    pub(super) fn is_answer(&self) -> bool {
        self.has_result && self.method.is_none()
    }

    pub(super) fn request_id(&self) -> Option<RequestId<'_>> {
        match self.id.as_ref()? {
            Scalar::Integer(id) => Some(RequestId::Number(*id)),
            Scalar::Text(id) => Some(RequestId::String(id)),
            Scalar::Other => None,
        }
    }

    pub(super) fn protocol_version(&self) -> Option<ProtocolVersion> {
        let version = self.meta.get(META_PROTOCOL_VERSION)?;
        Some(ProtocolVersion::parse(version))
    }
}

impl Members for Seen {
    fn member<'de, M: Member<'de>>(&mut self, key: &str, member: M) -> Result<(), M::Error> {
        match key {
            "method" => {
                let name = member.scalar()?;
                self.method = name.text().map(Method::parse);
                self.unknown_method = match name {
                    Scalar::Text(name) if self.method == Some(Method::OTHER) => Some(name),
                    _ => None,
                };
            }
            "id" => self.id = Some(member.scalar()?),
            "params" => member.object(&mut Params(&mut self.meta))?,
            "result" | "error" => {
                self.has_result = true;
                member.skip()?;
            }
            _ => member.skip()?,
        }
        Ok(())
    }
}

struct Params<'a>(&'a mut BTreeMap<String, String>);

impl Members for Params<'_> {
    fn member<'de, M: Member<'de>>(&mut self, key: &str, member: M) -> Result<(), M::Error> {
        match key {
            "_meta" => member.object(&mut Meta(self.0)),
            _ => member.skip(),
        }
    }
}

struct Meta<'a>(&'a mut BTreeMap<String, String>);

impl Members for Meta<'_> {
    fn member<'de, M: Member<'de>>(&mut self, key: &str, member: M) -> Result<(), M::Error> {
        if let Scalar::Text(value) = member.scalar()? {
            self.0.insert(key.to_owned(), value);
        }
        Ok(())
    }
}
