//! FileFacts of many files to a resolved knowledge graph; pure.
