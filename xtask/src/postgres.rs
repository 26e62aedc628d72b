//! PostgreSQL for the tests that need it, installed where it is missing and may be.

use private_postgres::Binaries;

use crate::{debian::Need, workspace::Workspace};

/// Without the cluster that Debian's packages otherwise make and start: the tests start their own, and nobody asked for
/// a server on this machine. The setting is gone afterwards.
const POSTGRESQL: Need = Need {
    packages: "postgresql",
    preparation: r"
folder=/etc/postgresql-common/createcluster.d
mkdir -p $folder
trap 'rm -f $folder/only-programs.conf' EXIT
echo 'create_main_cluster = false' > $folder/only-programs.conf
",
};

/// What is missing after an attempt to install it.
#[expect(clippy::unnecessary_wraps, reason = "the signature that all checks share")]
pub(crate) fn missing(_: &Workspace) -> Result<Vec<String>, String> {
    Ok(ensure().err().into_iter().collect())
}

/// Installs PostgreSQL where it is missing.
pub(crate) fn ensure() -> Result<(), String> {
    POSTGRESQL.find_or_install(|| Binaries::find().map(drop).map_err(|error| error.to_string()))
}
