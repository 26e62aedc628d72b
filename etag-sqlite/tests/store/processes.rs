//! Processes beside this one: the test's own executable, told what to do by its environment.

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use etag_core::{Batch, Expectation, Store, StoreExt};
use etag_sqlite::SqliteStore;

use crate::{
    contention::increment_by_hand,
    model::{Counter, put, tag_of},
    temporary::Directory,
};

const ROLE: &str = "ETAG_SQLITE_TEST_ROLE";
const FILE: &str = "ETAG_SQLITE_TEST_FILE";

fn child(role: &str, file: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "processes::a_child_process", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(ROLE, role).env(FILE, file).stdout(Stdio::piped());
    command
}

#[test]
#[ignore = "the work of a child process; does nothing by itself"]
fn a_child_process() {
    let (Ok(role), Ok(file)) = (env::var(ROLE), env::var(FILE)) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        match role.as_str() {
            "increment" => increment(&file).await,
            "write" => write_until_killed(&file).await,
            _ => say(&format!("opened: {:?}", SqliteStore::open(&file).await)),
        }
    });
}

fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    writeln!(output, "\n{line}").unwrap();
    output.flush().unwrap();
}

const INCREMENTS: usize = 40;

async fn increment(file: &str) {
    let store = SqliteStore::open(file).await.unwrap();
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { increment_by_hand(&store, INCREMENTS / 4).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_lose_no_increment_of_one_counter() {
    let directory = Directory::new();
    let store = directory.store().await;
    store.create(&Counter { id: "1".into(), count: 0 }).await.unwrap();
    let mut children: Vec<Child> = (0..2).map(|_| child("increment", &directory.file()).spawn().unwrap()).collect();
    increment_by_hand(&store, INCREMENTS).await;
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let count = store.get::<Counter>(&"1".to_owned()).await.unwrap().count;
    assert_eq!(count, 3 * INCREMENTS as u64);
}

/// Writes pairs, each pair in one commit, and says which were answered.
async fn write_until_killed(file: &str) {
    let store = SqliteStore::open(file).await.unwrap();
    let callers: Vec<_> = (0..8)
        .map(|caller| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0.. {
                    let pair = format!("{caller}-{number}");
                    store.commit(pair_of(&pair)).await.unwrap();
                    say(&format!("written {pair}"));
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
}

fn pair_of(pair: &str) -> Batch {
    ["a", "b"].iter().map(|half| put(&format!("{pair}-{half}"), "text", Expectation::Absent)).collect()
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_it_acknowledged_and_leaves_nothing_half_done() {
    let directory = Directory::new();
    for round in 0..4 {
        let mut process = child("write", &directory.file()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let written =
            output.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("written ").map(str::to_owned));
        let mut acknowledged = Vec::new();
        for pair in written {
            acknowledged.push(pair);
            // Killed in mid-write; what it said before that is read to the end.
            if acknowledged.len() == 50 * (round + 1) {
                process.kill().unwrap();
            }
        }
        process.wait().unwrap();
        let store = directory.store().await;
        assert!(acknowledged.len() >= 50 * (round + 1));
        for pair in &acknowledged {
            assert!(tag_of(&store, &format!("{pair}-a")).await.is_some(), "{pair} was acknowledged");
        }
        let rows = store.scan_tags(&etag_core::Scan::new("notes", 1_000_000)).await.unwrap();
        for entry in &rows.items {
            let (pair, half) = entry.id.rsplit_once('-').unwrap();
            let other = if half == "a" { "b" } else { "a" };
            assert!(tag_of(&store, &format!("{pair}-{other}")).await.is_some(), "{} is half of a commit", entry.id);
        }
        store.close().await;
        std::fs::remove_file(directory.file()).unwrap();
    }
}

/// What a process is told that opens the file and is not root.
#[cfg(unix)]
pub(crate) fn opened_by_nobody(file: &Path) -> String {
    use std::os::unix::{fs::MetadataExt as _, process::CommandExt as _};

    let mut command = child("open", file);
    let is_root = std::fs::metadata(file.parent().unwrap()).unwrap().uid() == 0;
    if is_root {
        command.uid(65_534).gid(65_534);
    }
    let output = command.output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().find_map(|line| line.strip_prefix("opened: ")).unwrap_or(&lines).to_owned()
}
