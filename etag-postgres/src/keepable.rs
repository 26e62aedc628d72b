//! What PostgreSQL can keep: text without a NUL, and keys that fit into its indexes.

use etag_core::{Batch, Error, ErrorKind, Item, Key, LedgerKey};

/// The most bytes of a collection and an id together. An entry of an index has less than 2,704, and that of a child holds
/// its parent's key, the link's name and its own collection.
const MOST_KEY_BYTES: usize = 1_024;

/// The most bytes of a principal and an idempotency key together.
const MOST_LEDGER_BYTES: usize = 2_048;

/// Whether there can be such a resource, and so whether it may be asked for.
pub(crate) fn can_be_asked_for(key: &Key) -> bool {
    !key.id().contains('\0') && !key.collection().contains('\0')
}

pub(crate) fn can_be_recalled(key: &LedgerKey) -> bool {
    !key.principal.contains('\0') && !key.key.contains('\0')
}

/// # Errors
/// [`ErrorKind::Invalid`] for a batch that writes, or names, what can't be kept.
pub(crate) fn demand_keepable(batch: &Batch) -> Result<(), Error> {
    batch.ledger().map_or(Ok(()), |claim| demand_keepable_claim(&claim.key))?;
    let puts = batch.items().iter().filter_map(|item| if let Item::Put(put) = item { Some(put) } else { None });
    puts.flat_map(|put| std::iter::once(&put.key).chain(put.parents.held().map(|link| &link.parent)))
        .try_for_each(demand_keepable_key)
}

fn demand_keepable_key(key: &Key) -> Result<(), Error> {
    if !can_be_asked_for(key) {
        return Err(invalid(format!("the id {:?} has a NUL character, which PostgreSQL can't keep", key.id())));
    }
    if key.collection().len() + key.id().len() > MOST_KEY_BYTES {
        let most = MOST_KEY_BYTES - key.collection().len().min(MOST_KEY_BYTES);
        return Err(invalid(format!(
            "an id in {} has {} bytes; at most {most} are allowed",
            key.collection(),
            key.id().len()
        )));
    }
    Ok(())
}

fn demand_keepable_claim(key: &LedgerKey) -> Result<(), Error> {
    if !can_be_recalled(key) {
        let message = "the principal or the idempotency key has a NUL character, which PostgreSQL can't keep";
        return Err(invalid(message.to_owned()));
    }
    if key.principal.len() + key.key.len() > MOST_LEDGER_BYTES {
        return Err(invalid(format!(
            "the principal and the idempotency key have more than {MOST_LEDGER_BYTES} bytes together; use a shorter key"
        )));
    }
    Ok(())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::Invalid, message)
}
