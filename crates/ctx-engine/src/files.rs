//! A project's files, by number and by path.

use ctx_graph::FileNumber;
use ctx_model::project::{FileStamp, IndexedFile};
use rustc_hash::FxHashMap;

/// Files by number; numbers are given once and reused only after removal.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileTable {
    files: Vec<Option<IndexedFile>>,
    numbers: FxHashMap<Box<str>, FileNumber>,
}

impl FileTable {
    /// A table of stored files.
    pub(crate) fn of(files: impl IntoIterator<Item = (FileNumber, IndexedFile)>) -> FileTable {
        let mut table = FileTable::default();
        for (number, file) in files {
            table.put(number, file);
        }
        table
    }

    fn put(&mut self, number: FileNumber, file: IndexedFile) {
        let index = number as usize;
        if self.files.len() <= index {
            self.files.resize(index + 1, None);
        }
        self.numbers.insert(file.entry.path.as_str().into(), number);
        self.files[index] = Some(file);
    }

    /// Sets a file by its path; a new one gets the lowest free number.
    pub(crate) fn set(&mut self, file: IndexedFile) -> FileNumber {
        let number = self.numbers.get(file.entry.path.as_str()).copied().unwrap_or_else(|| {
            self.files.iter().position(Option::is_none).unwrap_or(self.files.len()) as FileNumber
        });
        self.put(number, file);
        number
    }

    /// Removes the file at a path; gives its number.
    pub(crate) fn remove(&mut self, path: &str) -> Option<FileNumber> {
        let number = self.numbers.remove(path)?;
        self.files[number as usize] = None;
        Some(number)
    }

    /// The file with a number.
    pub(crate) fn get(&self, number: FileNumber) -> Option<&IndexedFile> {
        self.files.get(number as usize)?.as_ref()
    }

    /// The number of the file at a path.
    pub(crate) fn number(&self, path: &str) -> Option<FileNumber> {
        self.numbers.get(path).copied()
    }

    /// Files with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (FileNumber, &IndexedFile)> {
        self.files
            .iter()
            .enumerate()
            .filter_map(|(number, file)| Some((number as FileNumber, file.as_ref()?)))
    }

    /// Number of files.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Paths and stamps, sorted by path.
    pub(crate) fn stamps(&self) -> Vec<(String, FileStamp)> {
        let mut stamps: Vec<_> =
            self.iter().map(|(_, file)| (file.entry.path.clone(), file.entry.stamp)).collect();
        stamps.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        stamps
    }
}
