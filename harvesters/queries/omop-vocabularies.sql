-- Persons by vocabulary of the concepts, or source concepts, in one table of clinical data.
SELECT named.vocabulary_id AS vocabulary, COUNT(DISTINCT record.person_id) AS persons
FROM #table AS record
JOIN (
  SELECT concept.concept_id, concept.vocabulary_id
  FROM concept
  WHERE concept.concept_id IN (SELECT #column FROM #table WHERE #column <> 0)
) AS named ON named.concept_id = record.#column
WHERE record.person_id IN (SELECT person_id FROM person)
GROUP BY named.vocabulary_id
