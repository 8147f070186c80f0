//! Translate: the HTTP API and its wire types.
