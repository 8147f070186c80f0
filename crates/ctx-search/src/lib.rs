//! Find code and text by words: BM25F over a tantivy index.
