//! Reading damaged files for a while.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::meter::Meter;
use crate::mutate::mutate;

/// How long a test takes where nobody says how long.
const SECONDS: u64 = 1;

/// No file may take longer to read.
const LONGEST: Duration = Duration::from_secs(20);

/// Good files of one kind, and what the reader of them may take.
#[derive(Debug)]
pub struct Seeds<'a> {
    /// The folder in `corpus`.
    pub name: &'a str,
    /// The files: at least one.
    pub files: Vec<Vec<u8>>,
    /// Words of the files' language.
    pub words: &'a [&'a [u8]],
    /// The most bytes of memory that reading one of them may take.
    pub memory: usize,
}

impl Seeds<'_> {
    /// Reads the files of the corpus, then damaged ones until the time is up. Returns how many were read.
    ///
    /// # Panics
    /// If the reader panics, takes more memory or more than 20 seconds: the file is kept then.
    pub fn fuzz(mut self, mut read: impl FnMut(&[u8])) -> u64 {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(self.name);
        for file in files_of(&corpus) {
            let bytes = fs::read(&file).unwrap_or_default();
            self.check(&bytes, &mut read)
                .unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
            self.files.push(bytes);
        }
        let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
        let time = Duration::from_secs(number("KEYPOINTS_FUZZ_SECONDS").unwrap_or(SECONDS));
        let seed = number("KEYPOINTS_FUZZ_SEED").unwrap_or(0);
        let mut rng = StdRng::seed_from_u64(seed);
        let (start, mut count) = (Instant::now(), 0);
        while start.elapsed() < time {
            let [file, other] = [0; 2].map(|_| rng.random_range(0..self.files.len()));
            let bytes = mutate(&mut rng, &self.files[file], &self.files[other], self.words);
            if let Err(fault) = self.check(&bytes, &mut read) {
                let kept = corpus.join(format!("found-{seed}-{count}.bin"));
                let _ = fs::create_dir_all(&corpus).and_then(|()| fs::write(&kept, &bytes));
                panic!("{}: {fault}", kept.display());
            }
            count += 1;
        }
        println!("{}: {count} files in {:.1} s", self.name, start.elapsed().as_secs_f64());
        count
    }

    fn check(&self, bytes: &[u8], read: &mut impl FnMut(&[u8])) -> Result<(), String> {
        let (start, before) = (Instant::now(), Meter::now());
        Meter::reset();
        catch_unwind(AssertUnwindSafe(|| read(bytes))).map_err(|_| "the reader panics")?;
        let taken = Meter::most().saturating_sub(before);
        if taken > self.memory {
            return Err(format!("{} bytes took {taken} bytes of memory", bytes.len()));
        }
        match start.elapsed() > LONGEST {
            true => Err(format!("it took {:.1} s", start.elapsed().as_secs_f64())),
            false => Ok(()),
        }
    }
}

/// The files of a folder by name; none where there is no folder.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`Seeds::fuzz`] says of a reader, and the file that it has kept.
    fn fault_of(read: impl FnMut(&[u8])) -> (String, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().to_str().unwrap();
        let seeds = Seeds { name, files: vec![vec![7; 64]], words: &[b"word"], memory: 1 << 20 };
        let fault = catch_unwind(AssertUnwindSafe(|| seeds.fuzz(read))).unwrap_err();
        let kept = files_of(folder.path());
        assert_eq!(kept.len(), 1);
        (fault.downcast_ref::<String>().unwrap().clone(), fs::read(&kept[0]).unwrap())
    }

    #[test]
    fn a_reader_that_breaks_is_found_and_its_file_is_kept() {
        let (fault, file) =
            fault_of(|bytes| assert!(!bytes.windows(4).any(|part| part == b"word")));
        assert!(fault.ends_with(".bin: the reader panics"), "{fault}");
        assert!(file.windows(4).any(|part| part == b"word"));
    }

    #[test]
    fn a_file_of_the_corpus_is_read_first() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("old.bin"), "odd").unwrap();
        let name = folder.path().to_str().unwrap();
        let seeds = Seeds { name, files: vec![vec![7; 64]], words: &[], memory: 1 << 20 };
        let mut first = None;
        let count = seeds.fuzz(|bytes| {
            first.get_or_insert_with(|| bytes.to_vec());
        });
        assert!(count > 100 && first.as_deref() == Some(b"odd"), "{count} {first:?}");
    }
}
