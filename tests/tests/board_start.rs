//! How `board` starts: its flags, its first content, what it prints, and what it says where it can't.

mod support;

use std::{
    fs::{self, Permissions},
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _},
        process::CommandExt as _,
    },
    path::Path,
    process::Command,
};

use serde_json::json;
use support::{Board, Request, Response, Store, Task, bounded_output, command};
use tempfile::{TempDir, tempdir};

/// Runs `board` with these flags in this directory, where it can't start; gives what it wrote to stderr.
#[track_caller]
fn refusal(directory: &Path, flags: &[&str], code: i32) -> String {
    refusal_of(command(directory), flags, code)
}

#[track_caller]
fn refusal_of(mut command: Command, flags: &[&str], code: i32) -> String {
    command.args(flags);
    let output = bounded_output(command);
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(output.stdout.is_empty(), "it listened: {:?}", String::from_utf8_lossy(&output.stdout));
    assert!(!error.contains("panicked"), "{error}");
    error
}

#[track_caller]
fn assert_mentions(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no {word:?} in {text:?}");
    }
}

fn directory() -> TempDir {
    tempdir().expect("a temporary directory")
}

const ANY_PORT: [&str; 2] = ["--listen", "127.0.0.1:0"];

fn with_store(store: &str) -> [&str; 4] {
    [ANY_PORT[0], ANY_PORT[1], "--store", store]
}

#[test]
fn help_names_the_flags_and_their_defaults() {
    let directory = directory();
    let mut command = command(directory.path());
    command.arg("--help");
    let output = bounded_output(command);
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    assert_mentions(&help, &["--listen", "127.0.0.1:4010", "--store", "memory | sqlite:PATH", "sqlite:board.db"]);
}

#[test]
fn wrong_flags_are_named() {
    let directory = directory();
    assert_mentions(&refusal(directory.path(), &["--stroe", "memory"], 2), &["--stroe", "--store"]);
    assert_mentions(&refusal(directory.path(), &["--store", "mysql:x"], 2), &["mysql:x", "memory", "sqlite:PATH"]);
    assert_mentions(&refusal(directory.path(), &["--store", "sqlite:"], 2), &["--store", "sqlite:PATH"]);
    assert_mentions(&refusal(directory.path(), &["--listen", "nowhere"], 2), &["--listen", "nowhere"]);
    assert_eq!(fs::read_dir(directory.path()).expect("it exists").count(), 0);
}

#[test]
fn a_port_in_use_is_named_and_the_store_is_not_touched() {
    let running = Board::start(Store::Memory);
    let address = running.address.to_string();
    let directory = directory();
    let error = refusal(directory.path(), &["--listen", &address], 1);
    assert_mentions(&error, &[&address, "in use", "--listen"]);
    assert_eq!(fs::read_dir(directory.path()).expect("it exists").count(), 0);
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let directory = directory();
    let file = directory.path().join("notes.db");
    fs::write(&file, "These are my notes. ".repeat(1000)).expect("the directory is ours");
    let error = refusal(directory.path(), &with_store("sqlite:notes.db"), 1);
    assert_mentions(&error, &["notes.db", "not a database"]);
    assert_eq!(fs::read_to_string(&file).expect("it is kept"), "These are my notes. ".repeat(1000));
}

#[test]
fn a_place_where_no_file_can_be_is_named() {
    let directory = directory();
    fs::create_dir(directory.path().join("folder")).expect("the directory is ours");
    assert_mentions(&refusal(directory.path(), &with_store("sqlite:missing/board.db"), 1), &["missing/board.db"]);
    assert_mentions(&refusal(directory.path(), &with_store("sqlite:folder"), 1), &["folder"]);
}

/// A directory with the file of a server that has ended.
fn stopped(board: Board) -> TempDir {
    board.signal("TERM");
    let (status, directory) = board.wait();
    assert!(status.success());
    directory
}

#[test]
fn a_read_only_file_is_named() {
    let directory = stopped(Board::start(Store::Sqlite));
    let file = directory.path().join("board.db");
    let mut permissions = fs::metadata(&file).expect("it exists").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).expect("it is ours");
    let error = refusal_of(command_of_nobody(directory.path()), &with_store("sqlite:board.db"), 1);
    assert_mentions(&error, &["board.db", "may only be read", "the right to write"]);
}

/// Runs `board` in this directory as a user whom permissions bind: root may write to read-only files.
fn command_of_nobody(directory: &Path) -> Command {
    const NOBODY: u32 = 65_534;

    let is_root = fs::metadata(directory).expect("it exists").uid() == 0;
    if !is_root {
        return command(directory);
    }
    // The binary may lie where only root can reach it.
    let binary = directory.join("board");
    fs::copy(command(directory).get_program(), &binary).expect("there is room for it");
    fs::set_permissions(directory, Permissions::from_mode(0o755)).expect("it is ours");
    let mut command = Command::new(binary);
    command.current_dir(directory).uid(NOBODY).gid(NOBODY);
    command
}

#[test]
fn a_file_of_a_newer_version_is_named_and_kept() {
    let directory = stopped(Board::start(Store::Sqlite));
    let file = directory.path().join("board.db");
    let mut bytes = fs::read(&file).expect("it exists");
    // The header's user version, where the store keeps the number of its schema: <https://sqlite.org/fileformat.html>.
    bytes[60..64].copy_from_slice(&4711_u32.to_be_bytes());
    fs::write(&file, &bytes).expect("it is ours");
    let error = refusal(directory.path(), &with_store("sqlite:board.db"), 1);
    assert_mentions(&error, &["board.db", "4711", "newer"]);
    assert_eq!(fs::read(&file).expect("it is kept"), bytes);
}

#[test]
fn a_damaged_file_is_named() {
    let directory = stopped(Board::start(Store::Sqlite));
    let file = directory.path().join("board.db");
    let mut bytes = fs::read(&file).expect("it exists");
    bytes[100..].fill(0xA5);
    fs::write(&file, &bytes).expect("it is ours");
    assert_mentions(&refusal(directory.path(), &with_store("sqlite:board.db"), 1), &["board.db", "malformed"]);
}

fn count(board: &Board, collection: &str) -> usize {
    let page = board.client().send(&Request::get(collection)).expect(200);
    page.text().matches("\"created_at\"").count()
}

#[test]
fn an_empty_store_is_filled_once() {
    let board = Board::start(Store::Sqlite);
    let (boards, tasks) = (count(&board, "/boards"), count(&board, "/tasks"));
    assert!(boards >= 2 && tasks >= 5, "{boards} boards, {tasks} tasks");
    let board = restart(stopped(board));
    assert_eq!((count(&board, "/boards"), count(&board, "/tasks")), (boards, tasks));
}

#[test]
fn what_was_deleted_does_not_come_back() {
    let mut board = Board::start(Store::Sqlite);
    let before = count(&board, "/tasks");
    let [_, update, _] = requests(&mut board);
    let client = &mut board.client();
    let read = client.send(&Request::get(update.target())).expect(200);
    client.send(&Request::delete(update.target()).if_match(read.etag())).expect(204);
    let board = restart(stopped(board));
    assert_eq!(count(&board, "/tasks"), before - 1);
}

fn restart(directory: TempDir) -> Board {
    let mut command = command(directory.path());
    command.args(with_store("sqlite:board.db"));
    Board::start_with(command, directory)
}

#[test]
fn memory_keeps_nothing_and_writes_no_file() {
    let board = Board::start(Store::Memory);
    Task::create(&mut board.client());
    let files = fs::read_dir(board.directory.path()).expect("it exists");
    let names: Vec<_> = files.map(|file| file.expect("it exists").file_name()).collect();
    assert_eq!(names, ["board.log"]);
}

#[test]
fn three_commands_are_printed_that_work() {
    for store in Store::ALL {
        let mut board = Board::start(store);
        let [create, update, revalidate] = requests(&mut board);
        let client = &mut board.client();
        client.send(&create).expect(201);
        client.send(&update).expect(200);
        client.send(&update).expect(412);
        client.send(&revalidate).expect(304);
    }
}

/// The requests that the printed commands make.
fn requests(board: &mut Board) -> [Request; 3] {
    let origin = format!("http://{}", board.address);
    let hints: [String; 3] = board.hints().try_into().expect("three commands");
    hints.map(|hint| request_of(&hint, &origin))
}

/// Lets a shell split the command, as it would for curl.
fn request_of(hint: &str, origin: &str) -> Request {
    let script = format!("set -- {hint}; printf '%s\\n' \"$@\"");
    let output = Command::new("sh").args(["-c", &script]).output().expect("sh runs");
    let words = String::from_utf8(output.stdout).expect("UTF-8");
    let mut words = words.lines();
    assert_eq!(words.next(), Some("curl"), "{hint}");
    let (mut method, mut target, mut headers, mut body) = (None, None, Vec::new(), None);
    while let Some(word) = words.next() {
        match word {
            "-i" => {}
            "-X" => method = words.next(),
            "-d" => body = words.next(),
            "-H" => headers.push(words.next().and_then(|line| line.split_once(": ")).expect("a header")),
            url => target = url.strip_prefix(origin),
        }
    }
    // curl's defaults
    let method = method.unwrap_or(if body.is_some() { "POST" } else { "GET" });
    let request = Request::new(method, target.expect("a URL of this server"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    body.map_or(request.clone(), |body| request.with_bytes(body))
}

#[test]
fn a_health_check_is_served() {
    let board = Board::start(Store::Memory);
    board.client().send(&Request::get("/healthz")).expect(200);
}

#[test]
fn the_documentation_comes_out_of_the_binary() {
    let board = Board::start(Store::Memory);
    let client = &mut board.client();
    let moved = client.send(&Request::get("/docs"));
    let page = if moved.status == 200 { moved } else { client.send(&Request::get("/docs/")).expect(200) };
    assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{page:?}");
    let assets = linked(&page);
    assert!(!assets.is_empty());
    for asset in assets {
        assert!(!asset.contains("//"), "{asset} is not on this server");
        let path = format!("/docs/{}", asset.trim_start_matches("./"));
        client.send(&Request::get(path)).expect(200);
    }
}

/// What the page loads.
fn linked(page: &Response) -> Vec<String> {
    let text = page.text();
    let values = [" src=\"", " href=\""].into_iter().flat_map(|attribute| text.split(attribute).skip(1));
    values.filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

#[test]
fn the_openapi_document_describes_both_collections() {
    let board = Board::start(Store::Memory);
    let document = board.client().send(&Request::get("/openapi.json")).expect(200).json();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{document}");
    let paths = document["paths"].as_object().expect("an object");
    for path in ["/boards", "/boards/{id}", "/tasks", "/tasks/{id}"] {
        assert!(paths.contains_key(path), "no {path} in {:?}", paths.keys());
    }
    let put = &document["paths"]["/tasks/{id}"]["put"];
    for status in ["200", "201", "412", "428", "422"] {
        assert!(put["responses"].get(status).is_some(), "no {status} in {put}");
    }
    assert!(document["paths"]["/tasks/{id}"]["get"]["responses"].get("304").is_some());
    let required = &document["components"]["schemas"]["Task"]["required"];
    assert!(required.as_array().is_some_and(|names| names.contains(&json!("title"))), "{required}");
}
