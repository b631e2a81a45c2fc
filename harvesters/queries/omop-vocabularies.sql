-- Vocabularies of the concepts, or source concepts, in one table of clinical data.
SELECT DISTINCT concept.vocabulary_id AS vocabulary
FROM concept
WHERE concept.concept_id IN (SELECT #column FROM #table WHERE #column <> 0)
