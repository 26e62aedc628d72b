use super::*;

fn plan_of(query: &str) -> String {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(include_str!("../migrations/0001.sql")).unwrap();
    connection.execute_batch(include_str!("../migrations/0002.sql")).unwrap();
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
    let count = statement.parameter_count();
    let parameters = rusqlite::params_from_iter(std::iter::repeat_n(1, count));
    let steps = statement.query_map(parameters, |row| row.get::<_, String>("detail")).unwrap();
    steps.collect::<Result<Vec<_>>>().unwrap().join("\n")
}

#[test]
fn ids_and_tags_of_a_page_are_read_from_the_index_alone() {
    assert_eq!(
        plan_of(SELECT_TAGS),
        "SEARCH documents USING COVERING INDEX documents_by_creation (collection=? AND created_sequence>?)"
    );
}

#[test]
fn ids_and_tags_under_a_parent_are_read_from_two_indexes_alone() {
    assert_eq!(
        plan_of(children::SELECT_TAGS),
        "SEARCH children USING PRIMARY KEY (parent_collection=? AND parent_id=? AND collection=? AND link=? AND child>?)\n\
         SEARCH documents USING COVERING INDEX documents_by_creation (collection=? AND created_sequence=?)"
    );
}

#[test]
fn a_page_is_found_by_the_index() {
    let plan = plan_of(SELECT_PAGE);
    assert!(plan.starts_with("SEARCH documents USING INDEX documents_by_creation"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[test]
fn a_page_under_a_parent_is_found_by_the_links() {
    assert_eq!(
        plan_of(children::SELECT_PAGE),
        "SEARCH children USING PRIMARY KEY (parent_collection=? AND parent_id=? AND collection=? AND link=? AND child>?)\n\
         SEARCH documents USING INTEGER PRIMARY KEY (rowid=?)"
    );
}

#[test]
fn children_are_found_by_the_links_and_no_more_of_them_than_asked_for() {
    let plan = plan_of(children::SELECT_HEADS);
    assert!(plan.starts_with("SEARCH documents USING INTEGER PRIMARY KEY (rowid=?)"), "{plan}");
    assert!(plan.contains("SEARCH children USING PRIMARY KEY (parent_collection=? AND parent_id=?)"), "{plan}");
    assert!(!plan.contains("SCAN"), "{plan}");
}

#[test]
fn a_resource_is_found_by_its_key_and_written_by_its_place() {
    for (query, index) in [
        (SELECT_HEAD, "AUTOINDEX"),
        (SELECT_ROW, "AUTOINDEX"),
        (UPDATE, "PRIMARY KEY"),
        (UPDATE_HEAD, "PRIMARY KEY"),
        (DELETE, "PRIMARY KEY"),
    ] {
        let plan = plan_of(query).to_uppercase();
        assert!(plan.starts_with("SEARCH DOCUMENTS USING") && plan.contains(index), "{plan}");
    }
}
