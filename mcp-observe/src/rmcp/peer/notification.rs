//! Methods that send a notification, by the names of those of rmcp's `Peer`, for either role.

/// With parameters, or without.
macro_rules! notification {
    ($name:ident($notification:ident($params:ty))) => {
        #[doc = concat!("As rmcp's `Peer::", stringify!($name), "`.")]
        ///
        /// # Errors
        /// As rmcp's method of that name.
        pub async fn $name(&self, params: $params) -> Result<(), ServiceError> {
            self.send_notification($notification::new(params).into())
                .await
        }
    };
    ($name:ident($notification:ident)) => {
        #[doc = concat!("As rmcp's `Peer::", stringify!($name), "`.")]
        ///
        /// # Errors
        /// As rmcp's method of that name.
        pub async fn $name(&self) -> Result<(), ServiceError> {
            self.send_notification($notification::default().into())
                .await
        }
    };
}

pub(super) use notification;
