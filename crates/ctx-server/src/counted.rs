//! Answers that are counted as they are sent: how long they are, and into which
//! files they point.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use ctx_engine::{Receipt, answer};
use serde::Serialize;

use crate::wire::v1::calls::CallsAnswer;
use crate::wire::v1::freshness::Answer;
use crate::wire::v1::impact::ImpactAnswer;
use crate::wire::v1::locate::LocateAnswer;
use crate::wire::v1::map::MapAnswer;
use crate::wire::v1::memory::MemoriesAnswer;
use crate::wire::v1::search::SearchAnswer;
use crate::wire::v1::symbol::SymbolAnswer;

/// An answer, and what it is counted under.
pub(crate) struct Counted<T> {
    receipt: Receipt,
    answer: Answer<T>,
}

impl<E, T: From<E>> From<answer::Answer<E>> for Counted<T> {
    fn from(answer: answer::Answer<E>) -> Counted<T> {
        Counted { receipt: answer.receipt.clone(), answer: answer.into() }
    }
}

impl<T: Serialize + Told> IntoResponse for Counted<T> {
    fn into_response(self) -> Response {
        let json = serde_json::to_vec(&self.answer).expect("wire types hold only text and numbers");
        self.answer.content.count(&self.receipt, json.len());
        let mut response = Response::new(Body::from(json));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

/// Something that answers tell.
pub(crate) trait Told {
    /// Counts it as an answer that was sent as `bytes` bytes.
    fn count(&self, receipt: &Receipt, bytes: usize);
}

impl Told for SearchAnswer {
    fn count(&self, receipt: &Receipt, bytes: usize) {
        receipt.sent(bytes, self.hits.iter().map(|hit| hit.path.as_str()));
    }
}

impl Told for LocateAnswer {
    fn count(&self, receipt: &Receipt, bytes: usize) {
        let files = self.files.iter().map(|file| file.path.as_str());
        let symbols = self.symbols.iter().map(|symbol| symbol.path.as_str());
        receipt.sent(bytes, files.chain(symbols));
    }
}

impl Told for SymbolAnswer {
    fn count(&self, receipt: &Receipt, bytes: usize) {
        receipt.sent(bytes, self.symbols.iter().map(|symbol| symbol.path.as_str()));
    }
}

impl Told for CallsAnswer {
    fn count(&self, receipt: &Receipt, bytes: usize) {
        receipt.sent(bytes, self.edges.iter().map(|edge| edge.path.as_str()));
    }
}

impl Told for ImpactAnswer {
    fn count(&self, receipt: &Receipt, bytes: usize) {
        let symbols = self.symbols.iter().chain(&self.tests);
        let symbols = symbols.map(|affected| affected.symbol.path.as_str());
        receipt.sent(bytes, symbols.chain(self.files.iter().map(|file| file.path.as_str())));
    }
}

impl Told for MapAnswer {
    fn count(&self, receipt: &Receipt, bytes: usize) {
        receipt.sent(bytes, self.files.iter().map(|file| file.path.as_str()));
    }
}

impl Told for MemoriesAnswer {
    fn count(&self, receipt: &Receipt, _bytes: usize) {
        let stale = self.memories.iter().filter(|memory| memory.status == "stale").count();
        receipt.repeated(self.memories.len(), stale);
    }
}
