//! A server in between, which loses answers.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// An answer of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// To `COMMIT`.
    Commit,
    /// The next row.
    Row,
}

/// What is lost next, and in which order: the client sees the connection break in place of the answer.
#[derive(Clone, Default)]
pub(crate) struct Losses(Arc<Mutex<Vec<Answer>>>);

impl Losses {
    pub(crate) fn expect(&self, answers: &[Answer]) {
        self.0.lock().unwrap().extend(answers.iter().rev());
    }

    pub(crate) fn are_over(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }

    fn take(&self, answer: Answer) -> bool {
        self.0.lock().unwrap().pop_if(|next| *next == answer).is_some()
    }
}

/// The URL of the same database behind the proxy.
pub(crate) async fn in_front_of(url: &str, losses: &Losses) -> String {
    let (start, database) = url.rsplit_once('/').unwrap();
    let (user, server) = start.rsplit_once('@').unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxied = format!("{user}@{}/{database}", listener.local_addr().unwrap());
    let (server, losses) = (server.to_owned(), losses.clone());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (server, losses) = (TcpStream::connect(&server).await.unwrap(), losses.clone());
            tokio::spawn(relay(client, server, losses));
        }
    });
    proxied
}

async fn relay(client: TcpStream, server: TcpStream, losses: Losses) {
    let ((mut asks, answered), (answers, mut asked)) = (client.into_split(), server.into_split());
    let asking = tokio::io::copy(&mut asks, &mut asked);
    // Whoever ends first, the other's connection ends with it.
    tokio::select! {
        _ = asking => {}
        _ = answer(answers, answered, losses) => {}
    }
}

/// Passes messages on, each a letter, a length and what it says, until one is to be lost.
async fn answer(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, losses: Losses) -> io::Result<()> {
    loop {
        let letter = server.read_u8().await?;
        let length = server.read_u32().await?;
        let mut text = vec![0; usize::try_from(length).unwrap() - 4];
        server.read_exact(&mut text).await?;
        let answer = match letter {
            b'C' if text == b"COMMIT\0" => Some(Answer::Commit),
            b'D' => Some(Answer::Row),
            _ => None,
        };
        if answer.is_some_and(|answer| losses.take(answer)) {
            return Ok(());
        }
        client.write_all(&[&[letter], &length.to_be_bytes()[..], &text].concat()).await?;
    }
}
