-- What stands above the concepts in one column of a table of clinical data.
SELECT ancestor_concept_id AS ancestor, descendant_concept_id AS concept
FROM concept_ancestor
WHERE descendant_concept_id IN (SELECT #column FROM #table WHERE #column <> 0)
