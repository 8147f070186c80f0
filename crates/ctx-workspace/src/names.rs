//! What the names of files and folders tell: what is not text, what a program
//! writes, whose code it is.

use ctx_model::project::SkipReason;

/// Folders in which version control keeps its own records. Nothing in them
/// belongs to the project, so they are not even reported.
pub(crate) fn is_version_control(name: &str) -> bool {
    matches!(name, ".git" | ".hg" | ".svn" | ".jj" | ".sl" | ".bzr" | "CVS" | ".codecontext")
}

/// Why a folder is left out for its name (`name`, in the folder called `parent`).
pub(crate) fn folder_reason(parent: &str, name: &str) -> Option<SkipReason> {
    match name {
        "node_modules" | "bower_components" | "jspm_packages" | "web_modules" | "site-packages"
        | "dist-packages" | "third_party" | "third-party" | "thirdparty" | "3rdparty"
        | "Godeps" | "_vendor" | ".yarn" | ".pnpm-store" | ".bundle" => Some(SkipReason::Vendored),
        // A folder of scripts for a browser has no lock file to tell by.
        "vendor" | "vendors"
            if matches!(parent, "js" | "css" | "static" | "assets" | "public" | "javascripts") =>
        {
            Some(SkipReason::Vendored)
        }
        "__pycache__" | ".mypy_cache" | ".pytest_cache" | ".ruff_cache" | ".tox" | ".nox"
        | ".eggs" | ".cache" | ".gradle" | ".next" | ".nuxt" | ".svelte-kit" | ".angular"
        | ".parcel-cache" | ".turbo" | ".terraform" | ".dart_tool" | ".hypothesis"
        | ".ipynb_checkpoints" | ".nyc_output" | ".sass-cache" => Some(SkipReason::Generated),
        _ => None,
    }
}

/// Files whose presence says what the folder around them is, and those that
/// hold rules.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Markers {
    /// `.gitignore`
    pub(crate) git_rules: bool,
    /// `.ignore`
    pub(crate) rules: bool,
    /// `.codecontextignore`
    pub(crate) own_rules: bool,
    /// `.git`, a folder or a file: a repository's top.
    pub(crate) repository: bool,
    /// What a Python environment, a build folder or a package manager leaves behind.
    left_by_tool: Option<SkipReason>,
    /// What a package manager leaves in a folder called `vendor`.
    vendor_list: bool,
}

impl Markers {
    /// The names that [`Markers::note`] knows.
    pub(crate) const NAMES: [&'static str; 13] = [
        ".gitignore",
        ".ignore",
        ".codecontextignore",
        ".git",
        "pyvenv.cfg",
        "CACHEDIR.TAG",
        ".cargo-checksum.json",
        "modules.txt",
        "autoload.php",
        "vendor.txt",
        "vendor.json",
        "bundle",
        "composer",
    ];

    /// Takes note of one name in the folder.
    pub(crate) fn note(&mut self, name: &[u8]) {
        match name {
            b".gitignore" => self.git_rules = true,
            b".ignore" => self.rules = true,
            b".codecontextignore" => self.own_rules = true,
            b".git" => self.repository = true,
            b"pyvenv.cfg" | b".cargo-checksum.json" => {
                self.left_by_tool = Some(SkipReason::Vendored);
            }
            b"CACHEDIR.TAG" => {
                self.left_by_tool = self.left_by_tool.or(Some(SkipReason::Generated));
            }
            b"modules.txt" | b"autoload.php" | b"vendor.txt" | b"vendor.json" | b"bundle"
            | b"composer" => self.vendor_list = true,
            _ => {}
        }
    }

    /// Why a folder called `name` that holds these is left out.
    pub(crate) fn reason(&self, name: &str) -> Option<SkipReason> {
        if self.left_by_tool.is_some() {
            return self.left_by_tool;
        }
        (self.vendor_list && matches!(name, "vendor" | "vendors")).then_some(SkipReason::Vendored)
    }
}

/// Endings of text that is neither code nor prose. Searching it for the words
/// of a bug report finds noise, and it is often most of a tree's bytes.
fn is_data_ending(lower: &[u8]) -> bool {
    matches!(
        lower,
        b"po"
            | b"pot"
            | b"xliff"
            | b"xlf"
            | b"arb"
            | b"csv"
            | b"tsv"
            | b"jsonl"
            | b"ndjson"
            | b"geojson"
            | b"svg"
            | b"eps"
            | b"ps"
            | b"dxf"
            | b"obj"
            | b"stl"
            | b"log"
            | b"snap"
            | b"diff"
            | b"patch"
            | b"har"
            | b"pem"
            | b"crt"
            | b"cer"
            | b"key"
            | b"asc"
            | b"sig"
            | b"srt"
            | b"vtt"
            | b"bib"
            | b"dic"
            | b"aff"
    )
}

/// Why a file is left out for its name.
pub(crate) fn file_reason(name: &str) -> Option<SkipReason> {
    match name {
        "package-lock.json"
        | "npm-shrinkwrap.json"
        | "yarn.lock"
        | "pnpm-lock.yaml"
        | "bun.lock"
        | "Cargo.lock"
        | "poetry.lock"
        | "uv.lock"
        | "pdm.lock"
        | "Pipfile.lock"
        | "composer.lock"
        | "Gemfile.lock"
        | "go.sum"
        | "go.work.sum"
        | "mix.lock"
        | "flake.lock"
        | "gradle.lockfile"
        | "packages.lock.json"
        | "Podfile.lock"
        | "pubspec.lock"
        | ".terraform.lock.hcl" => return Some(SkipReason::Generated),
        ".DS_Store" | "Thumbs.db" => return Some(SkipReason::Binary),
        _ => {}
    }
    let (stem, ending) = name.rsplit_once('.')?;
    let mut lower = [0_u8; 12];
    let lower = lower.get_mut(..ending.len())?;
    lower.copy_from_slice(ending.as_bytes());
    lower.make_ascii_lowercase();
    if is_binary_ending(lower) {
        return Some(SkipReason::Binary);
    }
    if is_data_ending(lower) {
        return Some(SkipReason::Data);
    }
    match &*lower {
        b"js" | b"mjs" | b"cjs" | b"css"
            if stem.ends_with(".min") || stem.ends_with("-min") || stem.ends_with(".bundle") =>
        {
            Some(SkipReason::Minified)
        }
        // A source map.
        b"map" if stem.ends_with("js") || stem.ends_with("css") || stem.ends_with("ts") => {
            Some(SkipReason::Generated)
        }
        _ => None,
    }
}

fn is_binary_ending(ending: &[u8]) -> bool {
    is_media(ending) || is_archive(ending) || is_machine_code(ending) || is_document(ending)
}

fn is_media(ending: &[u8]) -> bool {
    matches!(
        ending,
        b"png"
            | b"jpg"
            | b"jpeg"
            | b"gif"
            | b"bmp"
            | b"ico"
            | b"icns"
            | b"webp"
            | b"avif"
            | b"tif"
            | b"tiff"
            | b"psd"
            | b"xcf"
            | b"heic"
            | b"tga"
            | b"dds"
            | b"ktx"
            | b"exr"
            | b"hdr"
            | b"mp3"
            | b"mp4"
            | b"m4a"
            | b"m4v"
            | b"wav"
            | b"ogg"
            | b"oga"
            | b"ogv"
            | b"opus"
            | b"flac"
            | b"aac"
            | b"avi"
            | b"mov"
            | b"mkv"
            | b"webm"
            | b"wmv"
            | b"flv"
            | b"mid"
            | b"woff"
            | b"woff2"
            | b"ttf"
            | b"otf"
            | b"eot"
            | b"ttc"
            | b"blend"
            | b"fbx"
            | b"glb"
            | b"stl"
    )
}

fn is_archive(ending: &[u8]) -> bool {
    matches!(
        ending,
        b"zip"
            | b"gz"
            | b"tgz"
            | b"bz2"
            | b"tbz2"
            | b"xz"
            | b"txz"
            | b"zst"
            | b"lz4"
            | b"lzma"
            | b"br"
            | b"7z"
            | b"rar"
            | b"tar"
            | b"jar"
            | b"war"
            | b"ear"
            | b"aar"
            | b"apk"
            | b"aab"
            | b"ipa"
            | b"whl"
            | b"egg"
            | b"gem"
            | b"crate"
            | b"nupkg"
            | b"vsix"
            | b"crx"
            | b"xpi"
            | b"deb"
            | b"rpm"
            | b"dmg"
            | b"iso"
            | b"img"
            | b"msi"
            | b"cab"
            | b"pack"
    )
}

fn is_machine_code(ending: &[u8]) -> bool {
    matches!(
        ending,
        b"so"
            | b"o"
            | b"a"
            | b"obj"
            | b"lib"
            | b"dll"
            | b"dylib"
            | b"exe"
            | b"pdb"
            | b"ko"
            | b"elf"
            | b"class"
            | b"pyc"
            | b"pyo"
            | b"pyd"
            | b"wasm"
            | b"rlib"
            | b"rmeta"
            | b"beam"
            | b"gch"
            | b"pch"
            | b"node"
            | b"dex"
            | b"luac"
            | b"swiftmodule"
    )
}

fn is_document(ending: &[u8]) -> bool {
    matches!(
        ending,
        b"pdf"
            | b"doc"
            | b"docx"
            | b"xls"
            | b"xlsx"
            | b"ppt"
            | b"pptx"
            | b"odt"
            | b"ods"
            | b"odp"
            | b"epub"
            | b"mo"
            | b"gmo"
            | b"db"
            | b"sqlite"
            | b"sqlite3"
            | b"db3"
            | b"mdb"
            | b"parquet"
            | b"arrow"
            | b"feather"
            | b"orc"
            | b"avro"
            | b"npy"
            | b"npz"
            | b"pkl"
            | b"pickle"
            | b"h5"
            | b"hdf5"
            | b"pt"
            | b"pth"
            | b"onnx"
            | b"safetensors"
            | b"gguf"
            | b"tflite"
            | b"pb"
            | b"rdb"
            | b"jks"
            | b"keystore"
            | b"p12"
            | b"pfx"
            | b"der"
            | b"shp"
            | b"dbf"
            | b"shx"
            | b"mmdb"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_not_the_projects_own_text() {
        let reasons = [
            "logo.PNG",
            "a.tar.gz",
            "jquery.min.js",
            "app.js.map",
            "Cargo.lock",
            "site.map",
            "README",
            "a.b.c",
            ".png",
            "noel.été",
            "x.py",
        ]
        .map(|name| file_reason(name).map_or("kept", SkipReason::name));
        expect_test::expect![[r#"["binary", "binary", "minified", "generated", "generated", "kept", "kept", "kept", "binary", "kept", "kept"]"#]]
            .assert_eq(&format!("{reasons:?}"));
    }

    #[test]
    fn every_marker_has_its_name() {
        for name in Markers::NAMES {
            let mut markers = Markers::default();
            markers.note(name.as_bytes());
            assert_ne!(format!("{markers:?}"), format!("{:?}", Markers::default()), "{name}");
        }
    }
}
