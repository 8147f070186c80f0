//! m
use std::time::Instant;
use ctx_model::*; use ctx_security::*; use ctx_storage::*;
fn status(k: &str) -> String { std::fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with(k)).unwrap_or("").split_whitespace().nth(1).unwrap_or("").to_string() }
fn cpu() -> f64 { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let r = s.rsplit(')').next().unwrap().split_whitespace().collect::<Vec<_>>(); (r[11].parse::<f64>().unwrap()+r[12].parse::<f64>().unwrap())/100.0 }
fn main() {
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let files: u32 = std::env::args().nth(2).unwrap().parse().unwrap();
    let base = dir.join("src.bin");
    let corpus = std::fs::read(&base).unwrap();
    let mut opt = StoreOptions::default();
    if let Ok(m) = std::env::var("MEMTABLE") { opt.memtable_bytes = m.parse::<u64>().unwrap() << 10; }
    let rep = |what: &str, t: Instant, c: f64| eprintln!("{what}: {:?} cpu {:.2}s RssAnon {} kB HWM {} kB", t.elapsed(), cpu()-c, status("RssAnon"), status("VmHWM"));
    let t = Instant::now(); let c = cpu();
    let store = Store::open(&dir.join("data"), opt).unwrap();
    rep("open", t, c);
    let project = store.project_id("/p");
    let p = |a| decide(&Policy::local(), &Actor::system(), a, project, Timestamp(1)).unwrap();
    store.register_project(&p(Action::IndexProject), "/p").unwrap();
    let t = Instant::now(); let c = cpu();
    let mut at = 0;
    for chunk in 0..files.div_ceil(64) {
        let mut b = store.batch(&p(Action::IndexProject)).unwrap();
        for f in chunk*64..(chunk*64+64).min(files) {
            let len = 4000 + (f as usize * 7919) % 22000;
            if at + len > corpus.len() { at = 0; }
            b.put(Space::Facts, &f.to_le_bytes(), &corpus[at..at+len]).unwrap();
            b.put(Space::Files, &f.to_le_bytes(), &corpus[at..at+100]).unwrap();
            at += len;
        }
        b.commit().unwrap();
    }
    store.sync().unwrap();
    rep("write", t, c);
    let t = Instant::now(); let c = cpu();
    let n: usize = store.scan(Space::Facts, project).unwrap().map(|v| v.unwrap().len()).sum();
    rep(&format!("scan {n}"), t, c);
    let t = Instant::now(); let c = cpu();
    for f in 0..files { assert!(store.contains(Space::Facts, project, &f.to_le_bytes()).unwrap()); }
    rep("contains all", t, c);
    let t = Instant::now(); let c = cpu();
    let ev = Event::Remembered(Remembered { kind: memory::MemoryKind::Fact, text: "x".repeat(200), about: vec![], tags: vec![], external_id: None, said_by: None, said_at: None });
    for _ in 0..200 { store.journal().append(&p(Action::WriteMemory), Draft::bare(ev.clone(), Timestamp(1))).unwrap(); }
    rep("200 appends", t, c);
    std::thread::sleep(std::time::Duration::from_secs(1));
    rep("idle", t, c);
    eprintln!("disk {} kB", store.disk_bytes().unwrap()/1024);
    let t = Instant::now(); let c = cpu();
    drop(store);
    rep("close", t, c);
    let t = Instant::now(); let c = cpu();
    let store = Store::open(&dir.join("data"), opt).unwrap();
    rep("reopen", t, c);
    let t = Instant::now(); let c = cpu();
    let n = store.scan(Space::Files, project).unwrap().count();
    rep(&format!("scan files {n}"), t, c);
}
