//! scratch
use ctx_graph::bind::{Extensions, Outcome};
use ctx_graph::layout::LayoutFile;
use ctx_graph::*;
use ctx_model::Language;
use std::sync::Arc;
use std::time::Instant;
struct S(Vec<Option<Arc<Unit>>>);
impl FactSource for S {
    fn facts(&self, f: u32) -> Option<Arc<Unit>> {
        self.0.get(f as usize)?.clone()
    }
}
fn walk(d: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    let Ok(rd) = std::fs::read_dir(d) else { return };
    let mut es: Vec<_> = rd.flatten().collect();
    es.sort_by_key(|e| e.path());
    for e in es {
        let n = e.file_name().to_string_lossy().to_string();
        if e.path().is_dir() {
            if n.starts_with('.') || n == "node_modules" || n == "target" || n == "vendor" {
                continue;
            }
            walk(&e.path(), out)
        } else {
            out.push(e.path())
        }
    }
}
fn main() {
    let root = std::env::args().nth(1).expect("root");
    let only = std::env::args().nth(2);
    let mut paths = Vec::new();
    walk(std::path::Path::new(&root), &mut paths);
    let mut ex = ctx_syntax::Extractor::new();
    let mut files = Vec::new();
    let mut units = Vec::new();
    let mut manifests = Vec::new();
    for p in &paths {
        let rel = p.strip_prefix(&root).unwrap().to_string_lossy().to_string();
        let l = Language::of_path(&rel);
        if Manifest::is_one(&rel) {
            if let Ok(t) = std::fs::read_to_string(p) {
                manifests.push(Manifest { path: rel.clone(), text: t });
            }
        }
        if !l.is_parsed() {
            continue;
        }
        let Ok(t) = std::fs::read(p) else { continue };
        if t.len() > 1_000_000 {
            continue;
        }
        let t = String::from_utf8_lossy(&t).to_string();
        let f = ex.extract(l, &t);
        files.push((rel, l));
        units.push(Some(Arc::new(Unit::new(f))));
    }
    let lf: Vec<LayoutFile> = files
        .iter()
        .enumerate()
        .map(|(i, (p, l))| LayoutFile { number: i as u32, path: p, language: *l })
        .collect();
    let layout = Layout::new(&lf, &manifests);
    let s = S(units);
    let none = Extensions::default();
    let t0 = Instant::now();
    let b0 = Binder::new(&layout, &s, &none);
    let mut exts = Extensions::default();
    let mut given = Vec::new();
    for i in 0..files.len() as u32 {
        let g = b0.extensions_of(i);
        exts.add(i, &g);
        given.push(g);
    }
    let t1 = Instant::now();
    let b = Binder::new(&layout, &s, &exts);
    let mut counts = (0u64, 0u64, 0u64);
    for i in 0..files.len() as u32 {
        let a = Instant::now();
        if let Some(n) = b.bind_file(i, given[i as usize].clone()) {
            counts.0 += n.counts.resolved as u64;
            counts.1 += n.counts.external as u64;
            counts.2 += n.counts.unresolved as u64;
        }
        let ms = a.elapsed().as_millis();
        if ms > 200 {
            eprintln!("slow {} {ms}ms", files[i as usize].0);
        }
    }
    eprintln!(
        "files {} ext {:?} bind {:?} resolved {} external {} unresolved {}",
        files.len(),
        t1 - t0,
        t1.elapsed(),
        counts.0,
        counts.1,
        counts.2
    );
    if only.as_deref() == Some("time") {
        return;
    }
    use std::io::Write;
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    for i in 0..files.len() as u32 {
        let u = s.0[i as usize].clone().unwrap();
        b.uses_of(i, &mut |_, bu| {
            let nm = u.facts.name(bu.name);
            let p = &files[i as usize].0;
            let _ = match &bu.outcome {
                Outcome::Edges(es) => {
                    for e in es {
                        let (tp, tl) = (
                            &files[e.to.file as usize].0,
                            if e.to.is_file() {
                                1
                            } else {
                                s.0[e.to.file as usize].as_ref().unwrap().facts.definitions
                                    [e.to.definition as usize]
                                    .at
                                    .line
                            },
                        );
                        let fl = if e.from.is_file() {
                            0
                        } else {
                            u.facts.definitions[e.from.definition as usize].at.line
                        };
                        let _ = writeln!(
                            out,
                            "E\t{}\t{}\t{p}\t{fl}\t{}\t{}\t{tp}\t{tl}\t{nm}",
                            e.kind.name(),
                            e.how.name(),
                            e.at.line,
                            e.at.column
                        );
                    }
                    Ok(())
                }
                Outcome::External(x) => writeln!(
                    out,
                    "X\t{:?}\t\t{p}\t\t{}\t{}\t\t\t{nm}\t{x}",
                    bu.role, bu.at.line, bu.at.column
                ),
                Outcome::Unresolved => writeln!(
                    out,
                    "U\t{:?}\t\t{p}\t\t{}\t{}\t\t\t{nm}",
                    bu.role, bu.at.line, bu.at.column
                ),
                Outcome::Local => writeln!(
                    out,
                    "L\t{:?}\t\t{p}\t\t{}\t{}\t\t\t{nm}",
                    bu.role, bu.at.line, bu.at.column
                ),
                Outcome::Module => writeln!(
                    out,
                    "M\t{:?}\t\t{p}\t\t{}\t{}\t\t\t{nm}",
                    bu.role, bu.at.line, bu.at.column
                ),
            };
        });
    }
}
