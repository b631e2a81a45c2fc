-- Persons by country of where they live, by the name of its concept and as the source says it.
SELECT concept.concept_name AS name, location.country_source_value AS said, COUNT(DISTINCT person.person_id) AS persons
FROM person
JOIN location ON location.location_id = person.location_id
LEFT JOIN concept ON concept.concept_id = location.country_concept_id AND concept.concept_id <> 0
GROUP BY concept.concept_name, location.country_source_value
