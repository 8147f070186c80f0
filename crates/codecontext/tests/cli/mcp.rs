//! MCP as assistants start it: over standard input and output, and over HTTP.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::world::{World, eventually, is_alive};

/// An assistant's end of a server over standard input and output.
pub(crate) struct Assistant {
    server: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    last_id: u64,
}

impl Assistant {
    pub(crate) fn start(mut command: Command) -> Assistant {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = command.spawn().expect("the program runs");
        let input = server.stdin.take();
        let output = BufReader::new(server.stdout.take().expect("a pipe"));
        Assistant { server, input, output, last_id: 0 }
    }

    pub(crate) fn of(world: &World) -> Assistant {
        Assistant::start(world.command(&["mcp"]))
    }

    /// Writes bytes as they are.
    fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("it is open");
        input.write_all(bytes).expect("the server reads");
        input.flush().expect("the server reads");
    }

    /// The next message that comes back.
    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.write(format!("{message}\n").as_bytes());
        loop {
            let answer = self.next();
            if answer["id"] == id {
                return answer;
            }
        }
    }

    /// The handshake of the older era.
    pub(crate) fn initialize(&mut self) -> Value {
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": { "name": "codex", "version": "1" } });
        let answer = self.ask("initialize", hello);
        self.write(b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
        answer["result"].clone()
    }

    /// Calls a tool; its structured content.
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        answer["result"]["structuredContent"].clone()
    }

    /// Calls a tool in the stateless era, without any handshake.
    fn call_stateless(&mut self, tool: &str, arguments: Value) -> Value {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "claude-code", "version": "2" },
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let params = json!({ "name": tool, "arguments": arguments, "_meta": meta });
        self.ask("tools/call", params)
    }

    /// Writes a message without its second half.
    pub(crate) fn say_half(&mut self, message: &Value) {
        let text = message.to_string();
        self.write(&text.as_bytes()[..text.len() / 2]);
    }

    /// Closes the server's input.
    pub(crate) fn close(&mut self) {
        drop(self.input.take());
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.server.try_wait().expect("a process").is_some()
    }

    /// Closes the server's input, and waits for its end.
    fn hang_up(mut self) -> i32 {
        self.close();
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("UTF-8");
        assert_eq!(rest, "", "nothing is said that was not asked");
        self.server.wait().expect("it ends").code().expect("it was not killed")
    }
}

impl Drop for Assistant {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The tests of a list of calls, by name.
fn callers(content: &Value) -> Vec<&str> {
    let calls = content["calls"].as_array().expect("a list");
    calls.iter().map(|call| call["from"].as_str().expect("a name")).collect()
}

#[test]
fn an_assistant_of_either_era_is_served() {
    let world = World::new();
    let mut old = Assistant::of(&world);
    assert_eq!(old.initialize()["serverInfo"]["name"], "codecontext");
    let tools = old.ask("tools/list", json!({}));
    assert_eq!(tools["result"]["tools"].as_array().expect("a list").len(), 8);
    let found = old.call("find_callers", json!({ "name": "check" }));
    assert_eq!(callers(&found), ["pkg.shop.sell", "pkg.store.Store.save"]);

    let mut new = Assistant::of(&world);
    let found = new.call_stateless("find_callers", json!({ "name": "check" }));
    assert_eq!(found["result"]["resultType"], "complete");
    assert_eq!(callers(&found["result"]["structuredContent"]).len(), 2);

    // Each sees what the other remembers, and by whom it was said.
    old.call("remember", json!({ "text": "Checks refuse nothing.", "about": ["check"] }));
    let recalled = new.call_stateless("recall", json!({ "query": "what do checks refuse?" }));
    let memory = &recalled["result"]["structuredContent"]["memories"][0];
    assert_eq!(
        (&memory["by"], &memory["text"]),
        (&json!("codex"), &json!("Checks refuse nothing."))
    );
    assert_eq!(old.hang_up(), 0);
    assert_eq!(new.hang_up(), 0);
}

#[test]
fn sets_of_tools_can_be_chosen() {
    let world = World::new();
    for (set, count) in [("core", 8), ("code", 6), ("memory", 5), ("all", 12)] {
        let mut assistant = Assistant::start(world.command(&["mcp", "--tools", set]));
        assistant.initialize();
        let tools = assistant.ask("tools/list", json!({}));
        assert_eq!(tools["result"]["tools"].as_array().expect("a list").len(), count, "{set}");
    }
}

#[test]
fn no_daemon_is_needed() {
    let world = World::new();
    let mut assistant = Assistant::start(world.command(&["--no-daemon", "mcp"]));
    assistant.initialize();
    let found = assistant.call("find_callers", json!({ "name": "check" }));
    assert_eq!(callers(&found).len(), 2);
    assert_eq!(assistant.hang_up(), 0);
    assert_eq!(world.json(&["daemon", "status"])["running"], false);
}

#[test]
fn what_is_no_message_is_answered_and_does_no_harm() {
    let world = World::new();
    let mut assistant = Assistant::of(&world);
    let mut refused = |line: &[u8], code: i64, words: &str| {
        assistant.write(line);
        let answer = assistant.next();
        assert_eq!(answer["error"]["code"], code, "{answer}");
        let message = answer["error"]["message"].as_str().expect("a message");
        assert!(message.contains(words), "{message}");
    };
    refused(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"met\n", -32_700, "not JSON");
    refused(b"\xff\xfe\x00\n", -32_700, "not JSON");
    refused(b"[{\"jsonrpc\":\"2.0\"}]\n", -32_600, "batches");
    refused(b"{\"id\":1,\"method\":\"ping\"}\n", -32_600, "jsonrpc");
    refused(b"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}\n", -32_600, "`id`");
    let early = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n";
    refused(early, -32_600, "came before `initialize`");
    let mut deep = vec![b'['; 100_000];
    deep.push(b'\n');
    refused(&deep, -32_700, "recursion limit");
    let mut long = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"".to_vec();
    long.resize(9 * 1024 * 1024, b'x');
    long.push(b'\n');
    refused(&long, -32_600, "longer than 8 MiB");
    // A stray answer, an unknown notification, a cancellation of nothing: silence.
    assistant.write(b"{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}\n\n");
    assistant.write(b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/whatever\"}\n");
    let nothing = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled",
        "params": { "requestId": 99 } });
    assistant.write(format!("{nothing}\n").as_bytes());

    assistant.initialize();
    let unknown = assistant.ask("tools/everything", json!({}));
    assert_eq!(unknown["error"]["code"], -32_601, "{unknown}");
    let wrong = assistant.ask("tools/call", json!({ "name": 7 }));
    assert!(wrong["error"]["code"].is_i64(), "{wrong}");
    let future = json!({ "_meta": {
        "io.modelcontextprotocol/protocolVersion": "2099-01-01",
        "io.modelcontextprotocol/clientCapabilities": {},
    } });
    let future = assistant.ask("tools/list", future);
    assert_eq!(future["error"]["code"], -32_022, "{future}");
    assert_eq!(assistant.call("find_symbol", json!({ "name": "check" }))["symbols"][0]["line"], 9);
    // The last message is cut off in the middle.
    assistant.write(b"{\"jsonrpc\":\"2.0\",\"id\":");
    assistant.close();
    assert_eq!(assistant.next()["error"]["code"], -32_700);
    assert_eq!(assistant.server.wait().expect("it ends").code(), Some(0));
    assert_eq!(world.json(&["daemon", "status"])["running"], true);
}

#[test]
fn answers_come_although_nothing_more_is_asked() {
    let world = World::new();
    let mut assistant = Assistant::of(&world);
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": { "name": "script", "version": "1" } } });
    let call = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call",
        "params": { "name": "search", "arguments": { "query": "refuse" } } });
    assistant.write(format!("{hello}\n{call}").as_bytes());
    assistant.close();
    assert_eq!(assistant.next()["id"], 1);
    let found = assistant.next();
    assert_eq!(found["result"]["isError"], false, "{found}");
    assert_eq!(assistant.server.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_killed_daemon_goes_unnoticed() {
    let world = World::new();
    let mut assistant = Assistant::of(&world);
    assistant.initialize();
    for round in 0..3 {
        let text = format!("Round {round} was survived.");
        assistant.call("remember", json!({ "text": text }));
        world.kill(world.daemon());
        let found = assistant.call("find_callers", json!({ "name": "check" }));
        assert_eq!(callers(&found).len(), 2);
        let recalled = assistant.call("recall", json!({ "query": text }));
        assert_eq!(recalled["memories"][0]["text"], text);
    }
}

/// The program as it was a week ago.
fn week_old_copy(world: &World) -> std::path::PathBuf {
    let copy = world.folder().join("codecontext-old");
    fs::copy(env!("CARGO_BIN_EXE_codecontext"), &copy).expect("a copy");
    let week = Duration::from_secs(7 * 24 * 3600);
    let file = fs::File::options().write(true).open(&copy).expect("the copy");
    file.set_modified(SystemTime::now() - week).expect("its time");
    copy
}

/// The command with another program file.
fn with_program(command: Command, program: &Path) -> Command {
    let mut other = Command::new(program);
    other.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => other.env(name, value),
            None => other.env_remove(name),
        };
    }
    other.current_dir(command.get_current_dir().expect("the project"));
    other
}

#[test]
fn clients_and_daemons_of_other_ages_get_along() {
    let world = World::new();
    let old = week_old_copy(&world);
    let started = with_program(world.command(&["daemon", "start"]), &old).output();
    assert!(started.expect("it runs").status.success());
    let old_daemon = world.daemon();
    let mut week_old = Assistant::start(with_program(world.command(&["mcp"]), &old));
    week_old.initialize();
    assert_eq!(callers(&week_old.call("find_callers", json!({ "name": "check" }))).len(), 2);
    // A newer client replaces the daemon under the older one's feet.
    let mut newer = Assistant::of(&world);
    newer.initialize();
    assert_eq!(callers(&newer.call("find_callers", json!({ "name": "check" }))).len(), 2);
    eventually("the old daemon ends", || !is_alive(old_daemon));
    let new_daemon = world.daemon();
    assert_ne!(new_daemon, old_daemon);
    week_old.call("remember", json!({ "text": "The old one goes on." }));
    let recalled = newer.call("recall", json!({ "query": "who goes on?" }));
    assert_eq!(recalled["memories"].as_array().expect("a list").len(), 1);
    assert_eq!(world.daemon(), new_daemon, "an older client leaves a newer daemon alone");
}

#[test]
fn a_home_folder_is_not_indexed_by_accident() {
    let world = World::new();
    let mut command = world.command(&["mcp"]);
    command.current_dir(world.folder());
    let mut assistant = Assistant::start(command);
    assistant.initialize();
    let answer =
        assistant.ask("tools/call", json!({ "name": "search", "arguments": { "query": "x" } }));
    let text = answer["result"]["content"][0]["text"].as_str().expect("words");
    assert!(text.contains("no project is connected"), "{text}");
}

/// A server over HTTP, and where it listens.
struct Http {
    server: Child,
    address: String,
}

impl Http {
    fn start(world: &World) -> Http {
        let mut command = world.command(&["mcp", "--http", "127.0.0.1:0"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = command.spawn().expect("the program runs");
        let mut line = String::new();
        let mut errors = BufReader::new(server.stderr.take().expect("a pipe"));
        errors.read_line(&mut line).expect("a line");
        let address =
            line.trim().split("http://").nth(1).and_then(|rest| rest.strip_suffix("/mcp"));
        let address = address.unwrap_or_else(|| panic!("no address in {line:?}")).to_owned();
        Http { server, address }
    }

    /// Posts a message; the answer, head and body.
    fn post(&self, path: &str, headers: &[&str], message: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\
             content-type: application/json\r\naccept: application/json, text/event-stream\r\n\
             content-length: {}\r\n",
            self.address,
            message.len()
        );
        for header in headers {
            request += &format!("{header}\r\n");
        }
        stream.write_all(format!("{request}\r\n{message}").as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn http_is_served_on_this_machine_only() {
    let world = World::new();
    let http = Http::start(&world);
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "find_symbol", "arguments": { "name": "check" } } });
    // Nobody chooses another project through a header of ours.
    let answer = http.post("/mcp", &["codecontext-project: /etc"], &call.to_string());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("pkg/store.py"), "{answer}");
    let elsewhere = http.post("/api/v1/projects", &[], "{}");
    assert!(elsewhere.starts_with("HTTP/1.1 404"), "{elsewhere}");
    let evil = http.post("/mcp", &["origin: http://evil.example"], &call.to_string());
    assert!(evil.starts_with("HTTP/1.1 403"), "{evil}");
    let long = "x".repeat(9 * 1024 * 1024);
    let mut stream = TcpStream::connect(&http.address).expect("it listens");
    let head =
        format!("POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n", long.len());
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(long.as_bytes());
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    let again = http.post("/mcp", &[], &call.to_string());
    assert!(again.starts_with("HTTP/1.1 200"), "{again}");

    let outside = world.run(&["mcp", "--http", "0.0.0.0:0"]);
    assert_eq!(outside.code, Some(4), "{outside:?}");
    assert!(outside.err.contains("SSH tunnel"), "{outside:?}");
    let taken = world.run(&["mcp", "--http", &http.address]);
    assert_eq!(taken.code, Some(3), "{taken:?}");
}
