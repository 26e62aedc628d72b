//! Connections: made when they are needed, made again when they broke, never asked whether they live.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use etag_core::{Error, ErrorKind};
use tokio::sync::Mutex;
use tokio_postgres::{Client, Config, NoTls};

use crate::{error::Fault, options::Options, statements::Statements};

/// Every statement finds its rows by an index, so its plan is made once, and not again for the arrays or the size of the
/// tables of the day: planning costs more than all the rest.
const PLANS: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
     SET enable_mergejoin = off; SET jit = off";

/// An open connection with its statements.
pub(crate) struct Connection {
    client: Client,
    pub(crate) statements: Statements,
    has_lane: AtomicBool,
}

impl Connection {
    /// Whether the row for the signatures of this connection's groups is there.
    pub(crate) fn has_lane(&self) -> bool {
        self.has_lane.load(Ordering::Acquire)
    }

    /// Makes the row for the signatures, and removes those of stores that are long gone. What is signed there now.
    pub(crate) async fn open_lane(&self, lane: i64, now: i64) -> Result<i64, tokio_postgres::Error> {
        const MONTH: i64 = 30 * 24 * 3_600 * 1_000_000;
        self.execute("DELETE FROM etag_lanes WHERE opened_at < $1", &[&(now - MONTH)]).await?;
        let open = "INSERT INTO etag_lanes (lane, last_group, opened_at) VALUES ($1, 0, $2) \
             ON CONFLICT (lane) DO UPDATE SET opened_at = excluded.opened_at RETURNING last_group";
        let signed = self.query_one(open, &[&lane, &now]).await?.try_get(0)?;
        self.has_lane.store(true, Ordering::Release);
        Ok(signed)
    }
}

impl Deref for Connection {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// How connections are made.
#[derive(Clone, Debug)]
pub(crate) struct Connector {
    config: Config,
    settings: String,
    patience: Duration,
}

impl Connector {
    pub(crate) fn new(options: &Options) -> Result<Self, Error> {
        Ok(Self { config: options.config()?, settings: options.settings(), patience: options.connect_timeout })
    }

    /// A client before anything is prepared, when the tables may not be there yet.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        self.in_time(self.open_client()).await
    }

    /// The driver bounds the time in which a server listens, and not that in which it says something.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let silent = |_| self.unheard(format!("says nothing in {:?}", self.patience));
        tokio::time::timeout(self.patience, work).await.map_err(silent)?
    }

    async fn open_client(&self) -> Result<Client, Error> {
        let (client, connection) = self.config.connect(NoTls).await.map_err(|error| self.unreachable(error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to PostgreSQL ended");
            }
        });
        client.batch_execute(&self.settings).await.map_err(|error| self.unreachable(error))?;
        // An engine that is only like PostgreSQL may not know these, and needs them no more than the rest does.
        if let Err(error) = client.batch_execute(PLANS).await {
            tracing::debug!(%error, "the plans of the statements are left to the server");
        }
        Ok(client)
    }

    async fn connect(&self) -> Result<Connection, Error> {
        let client = self.client().await?;
        let preparing = async { Statements::prepare(&client).await.map_err(|error| Fault::from(error).to_error()) };
        let statements = self.in_time(preparing).await?;
        Ok(Connection { client, statements, has_lane: AtomicBool::new(false) })
    }

    fn unreachable(&self, error: tokio_postgres::Error) -> Error {
        let place = self.place();
        if error.code().is_some() {
            let fault = Fault::from(error).to_error();
            return match fault.kind() {
                ErrorKind::Engine => {
                    Error::new(ErrorKind::Misconfigured, format!("PostgreSQL at {place}: {fault}")).with_source(fault)
                }
                _ => fault,
            };
        }
        self.unheard(format!("can't be reached: {}", with_causes(&error))).with_source(error)
    }

    fn place(&self) -> String {
        format!("{:?} port {:?}", self.config.get_hosts(), self.config.get_ports())
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is made for this message")]
    fn unheard(&self, what: String) -> Error {
        let message = format!("PostgreSQL at {} {what}", self.place());
        Error::new(ErrorKind::Unavailable, message).with_retry_after(Duration::from_secs(1))
    }
}

/// The driver's own text leaves out why.
fn with_causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The place of one connection.
pub(crate) struct Slot {
    connector: Connector,
    place: Mutex<Place>,
}

#[derive(Default)]
struct Place {
    current: Option<Arc<Connection>>,
    /// When the last try to connect ended, if it failed, and how.
    failure: Option<(Instant, Failure)>,
}

type Failure = (ErrorKind, String, Option<Duration>);

impl Slot {
    pub(crate) fn new(connector: Connector) -> Self {
        Self { connector, place: Mutex::default() }
    }

    /// The connection, a new one where there is none or it broke.
    pub(crate) async fn get(&self) -> Result<Arc<Connection>, Error> {
        let asked = Instant::now();
        let mut place = self.place.lock().await;
        if let Some(connection) = place.current.as_ref().filter(|connection| !connection.is_closed()) {
            return Ok(Arc::clone(connection));
        }
        // Whoever waited while another tried in vain does not wait as long again.
        if let Some((_, failure)) = place.failure.as_ref().filter(|(ended, _)| *ended > asked) {
            return Err(again(failure));
        }
        match self.connector.connect().await {
            Ok(connection) => {
                let connection = Arc::new(connection);
                *place = Place { current: Some(Arc::clone(&connection)), failure: None };
                Ok(connection)
            }
            Err(error) => {
                place.failure = Some((Instant::now(), (error.kind(), error.to_string(), error.retry_after())));
                Err(error)
            }
        }
    }

    /// Lets go of a connection that is of no more use.
    pub(crate) async fn drop_connection(&self) {
        self.place.lock().await.current = None;
    }
}

fn again((kind, message, retry_after): &Failure) -> Error {
    let error = Error::new(*kind, message.clone());
    match retry_after {
        Some(after) => error.with_retry_after(*after),
        None => error,
    }
}

/// The connections that read. Queries of many callers are under way on each at once.
pub(crate) struct Readers {
    slots: Vec<Slot>,
    next: AtomicUsize,
}

impl Readers {
    pub(crate) fn new(connector: &Connector, count: usize) -> Self {
        let slots = (0..count).map(|_| Slot::new(connector.clone())).collect();
        Self { slots, next: AtomicUsize::new(0) }
    }

    pub(crate) async fn get(&self) -> Result<Arc<Connection>, Error> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.slots.len();
        self.slots[turn].get().await
    }

    pub(crate) async fn close(&self) {
        for slot in &self.slots {
            slot.drop_connection().await;
        }
    }
}
