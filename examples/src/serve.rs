//! From flags to a running server, and back to a closed store.

use std::{
    future::IntoFuture as _,
    io::{self, Write as _},
    net::SocketAddr,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use axum::{Router, serve::ListenerExt as _};
use etag_core::Store;
use tokio::{net::TcpListener, sync::oneshot};
use tracing_subscriber::EnvFilter;

use crate::{Flags, StartError, StoreChoice, shutdown::StopSignal};

/// How long requests that are under way may take once the server was asked to stop.
const DRAIN: Duration = Duration::from_secs(5);

/// What an example serves, made from its open store.
#[derive(Debug)]
pub struct App {
    /// Its routes.
    pub router: Router,
    /// Commands to try, printed under the address; `{url}` stands for it.
    pub hints: Vec<String>,
}

/// Serves what `make` makes of the store until Ctrl-C or SIGTERM, then answers what is under way and closes the store.
///
/// Prints `listening on http://ADDR` once requests are answered. What goes wrong is printed to stderr, and the exit code
/// is then 1.
pub async fn run<M>(flags: Flags, make: M) -> ExitCode
where
    M: AsyncFnOnce(Arc<dyn Store>) -> Result<App, etag_core::Error>,
{
    run_on(flags, async |store| store.open().await, make).await
}

/// The same on a store that the example opens in a way of its own.
pub async fn run_on<O, M>(flags: Flags, open: O, make: M) -> ExitCode
where
    O: AsyncFnOnce(&StoreChoice) -> Result<Arc<dyn Store>, StartError>,
    M: AsyncFnOnce(Arc<dyn Store>) -> Result<App, etag_core::Error>,
{
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    match start(flags, open, make).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn start<O, M>(flags: Flags, open: O, make: M) -> Result<(), StartError>
where
    O: AsyncFnOnce(&StoreChoice) -> Result<Arc<dyn Store>, StartError>,
    M: AsyncFnOnce(Arc<dyn Store>) -> Result<App, etag_core::Error>,
{
    let stop = StopSignal::catch().map_err(StartError::Serve)?;
    // The port comes before the store: a second start beside a running server should not touch the file.
    let listener = listen(flags.listen).await?;
    let store = open(&flags.store).await?;
    let served = match make(Arc::clone(&store)).await {
        Ok(app) => serve(listener, app, stop).await,
        Err(error) => Err(StartError::Store { store: flags.store, error }),
    };
    store.close().await;
    served
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| StartError::Listen { address, error })
}

async fn serve(listener: TcpListener, app: App, stop: StopSignal) -> Result<(), StartError> {
    announce(listener.local_addr().map_err(StartError::Serve)?, &app.hints);
    // An answer is one small write; waiting for a second one to fill the packet only delays it.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    let (asked, was_asked) = oneshot::channel();
    let serving = axum::serve(listener, app.router).with_graceful_shutdown(async move {
        stop.wait().await;
        drop(asked);
    });
    tokio::select! {
        served = serving.into_future() => served.map_err(StartError::Serve),
        () = drain_is_over(was_asked) => Ok(()),
    }
}

fn announce(address: SocketAddr, hints: &[String]) {
    let url = format!("http://{address}");
    let mut text = format!("listening on {url}\n");
    for hint in hints {
        text.push_str(&hint.replace("{url}", &url));
        text.push('\n');
    }
    // A server whose output nobody reads any more still serves.
    let _ = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
}

/// A client that never ends its request must not keep the server from stopping.
async fn drain_is_over(was_asked: oneshot::Receiver<()>) {
    // The sender is never used, only dropped.
    let _ = was_asked.await;
    tokio::time::sleep(DRAIN).await;
    tracing::warn!("requests were still open {DRAIN:?} after the signal to stop");
}
