//! Remember, recall, revise, forget.
