//! A project's files, by number and by path.

use ctx_graph::FileNumber;
use ctx_model::project::{FileStamp, IndexedFile};
use rustc_hash::FxHashMap;

/// Files by number. A path keeps its number for good: past commits are
/// searchable by the numbers of the files that they touched, and a file that
/// comes back (another branch is checked out, say) finds its past again.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileTable {
    files: Vec<Option<IndexedFile>>,
    numbers: FxHashMap<Box<str>, FileNumber>,
    /// Numbers of paths at which there is no file now.
    former: FxHashMap<Box<str>, FileNumber>,
}

impl FileTable {
    /// A table of stored files, and of paths at which there was one.
    pub(crate) fn of(
        files: impl IntoIterator<Item = (FileNumber, IndexedFile)>,
        former: impl IntoIterator<Item = (FileNumber, String)>,
    ) -> FileTable {
        let mut table = FileTable::default();
        for (number, file) in files {
            table.put(number, file);
        }
        for (number, path) in former {
            table.reach(number);
            table.former.insert(path.into(), number);
        }
        table
    }

    /// Makes room for a number.
    fn reach(&mut self, number: FileNumber) {
        let length = number as usize + 1;
        if self.files.len() < length {
            self.files.resize(length, None);
        }
    }

    fn put(&mut self, number: FileNumber, file: IndexedFile) {
        let index = number as usize;
        self.reach(number);
        self.numbers.insert(file.entry.path.as_str().into(), number);
        self.files[index] = Some(file);
    }

    /// Sets a file by its path; a new one gets a number that none had before.
    pub(crate) fn set(&mut self, file: IndexedFile) -> FileNumber {
        let path = file.entry.path.as_str();
        let known = self.numbers.get(path).copied().or_else(|| self.former.remove(path));
        let number = known.unwrap_or(self.files.len() as FileNumber);
        self.put(number, file);
        number
    }

    /// Removes the file at a path; gives its number.
    pub(crate) fn remove(&mut self, path: &str) -> Option<FileNumber> {
        let number = self.numbers.remove(path)?;
        self.files[number as usize] = None;
        self.former.insert(path.into(), number);
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

    /// Whether there are files in a folder at `path`.
    pub(crate) fn has_folder(&self, path: &str) -> bool {
        let is_inside =
            |file: &str| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        !path.is_empty() && self.numbers.keys().any(|file| is_inside(file))
    }

    /// The number of a path at which there is or was a file.
    pub(crate) fn number_ever(&self, path: &str) -> Option<FileNumber> {
        self.number(path).or_else(|| self.former.get(path).copied())
    }

    /// Paths at which there was a file, with their numbers.
    pub(crate) fn former(&self) -> impl Iterator<Item = (FileNumber, &str)> {
        self.former.iter().map(|(path, number)| (*number, &**path))
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
