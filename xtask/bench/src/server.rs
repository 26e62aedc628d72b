//! Routers behind real sockets.

use std::{net::SocketAddr, thread, time::Duration};

use axum::{
    Router,
    serve::{Listener, ListenerExt as _},
};
use tokio::{
    net::TcpListener,
    runtime::Runtime,
    sync::{mpsc, oneshot},
};

use crate::{clock::thread_time, place::one_thread};

/// Serves the router for as long as the runtime lives, and tells where.
pub(crate) fn serving(runtime: &Runtime, router: Router) -> SocketAddr {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("the loopback has a free port");
    let listener = listener.tap_io(|connection| connection.set_nodelay(true).expect("the connection is open"));
    let address = listener.local_addr().expect("the listener is bound");
    runtime.spawn(async move { axum::serve(listener, router).await });
    address
}

/// A server on one thread, whose time at the processor can be asked for.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    questions: mpsc::UnboundedSender<oneshot::Sender<Duration>>,
}

impl Server {
    pub(crate) fn start(router: Router) -> Self {
        let (questions, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<Duration>>();
        let runtime = one_thread();
        let address = serving(&runtime, router);
        // It ends when nobody can ask any more.
        thread::spawn(move || {
            runtime.block_on(async {
                while let Some(answer) = asked.recv().await {
                    let _ = answer.send(thread_time());
                }
            });
        });
        Self { address, questions }
    }

    /// What the thread has taken of the processor so far, in the kernel, too.
    pub(crate) fn time(&self) -> Duration {
        let (answer, time) = oneshot::channel();
        self.questions.send(answer).expect("the thread lives as long as the questions");
        time.blocking_recv().expect("the thread answers")
    }
}
