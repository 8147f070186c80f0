#![allow(unsafe_code, missing_docs)]
use std::alloc::{GlobalAlloc, Layout, System}; use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
struct A; static BIG: AtomicI64 = AtomicI64::new(0); static B: AtomicI64 = AtomicI64::new(0); static S: [AtomicI64; 40] = [const { AtomicI64::new(0) }; 40]; static C: [AtomicI64; 40] = [const { AtomicI64::new(0) }; 40]; static L: AtomicI64 = AtomicI64::new(0); static P: AtomicI64 = AtomicI64::new(0);
fn k(s: usize) -> usize { (usize::BITS - s.leading_zeros()) as usize }
unsafe impl GlobalAlloc for A {
    unsafe fn alloc(&self, l: Layout) -> *mut u8 { C[k(l.size())].fetch_add(l.size() as i64, Relaxed); let n = L.fetch_add(l.size() as i64, Relaxed) + l.size() as i64; if n > P.fetch_max(n, Relaxed) { for i in 0..40 { S[i].store(C[i].load(Relaxed), Relaxed); } } if l.size() > 3_000_000 && B.fetch_add(1, Relaxed) < 1_000_000 { BIG.fetch_max(l.size() as i64, Relaxed); } unsafe { System.alloc(l) } }
    unsafe fn dealloc(&self, p: *mut u8, l: Layout) { C[k(l.size())].fetch_sub(l.size() as i64, Relaxed); L.fetch_sub(l.size() as i64, Relaxed); unsafe { System.dealloc(p, l) } }
}
#[global_allocator] static G: A = A;
fn live() { eprint!("  live {} kB peak {} kB:", L.load(Relaxed)/1024, P.load(Relaxed)/1024); for (i, c) in C.iter().enumerate() { let v = c.load(Relaxed); if v > 500_000 { eprint!(" <{}: {}k", 1u64 << i, v/1024); } } eprint!("\n  at peak: big {} n {}", BIG.load(Relaxed), B.load(Relaxed)); for (i, c) in S.iter().enumerate() { let v = c.load(Relaxed); if v > 500_000 { eprint!(" <{}: {}k", 1u64 << i, v/1024); } } eprintln!(); }
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
    let rep = |what: &str, t: Instant, c: f64| eprintln!("{what}: {:?} cpu {:.2}s RssAnon {} kB HWM {} kB", t.elapsed(), cpu()-c, status("RssAnon"), { let h = status("VmHWM"); h });
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
    live();
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
    live(); eprintln!("disk {} kB", store.disk_bytes().unwrap()/1024);
    let t = Instant::now(); let c = cpu();
    drop(store);
    rep("close", t, c);
    let t = Instant::now(); let c = cpu();
    let store = Store::open(&dir.join("data"), opt).unwrap();
    rep("reopen", t, c);
    let t = Instant::now(); let c = cpu();
    let n = store.scan(Space::Files, project).unwrap().count();
    rep(&format!("scan files {n}"), t, c);

    let t = Instant::now(); let c = cpu();
    for round in 0..100u32 {
        let mut b = store.batch(&p(Action::IndexProject)).unwrap();
        for f in 0..883u32 { let at = ((round * 883 + f) as usize * 997) % (corpus.len() - 20000); b.put(Space::Graph, &f.to_le_bytes(), &corpus[at..at + 5000]).unwrap(); }
        b.commit().unwrap();
        if round % 20 == 19 { eprintln!("round {round} disk {} kB", store.disk_bytes().unwrap()/1024); }
    }
    rep("overwrite", t, c);
    std::thread::sleep(std::time::Duration::from_secs(2));
    eprintln!("disk {} kB", store.disk_bytes().unwrap()/1024);
}
