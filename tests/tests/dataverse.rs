//! The Dataverse example over raw HTTP: what its README says of requests and answers, one test for each rule.

#[path = "dataverse/answer_switches.rs"]
mod answer_switches;
#[path = "dataverse/batches.rs"]
mod batches;
#[path = "dataverse/change_sets.rs"]
mod change_sets;
#[path = "dataverse/creates.rs"]
mod creates;
#[path = "dataverse/deletes.rs"]
mod deletes;
#[path = "dataverse/errors.rs"]
mod errors;
#[path = "dataverse/hostile.rs"]
mod hostile;
#[path = "dataverse/lists.rs"]
mod lists;
#[path = "dataverse/multipart.rs"]
mod multipart;
#[path = "dataverse/properties.rs"]
mod properties;
#[path = "dataverse/races.rs"]
mod races;
#[path = "dataverse/reads.rs"]
mod reads;
#[path = "dataverse/service.rs"]
mod service;
mod support;
#[path = "dataverse/switches.rs"]
mod switches;
#[path = "dataverse/upserts.rs"]
mod upserts;
