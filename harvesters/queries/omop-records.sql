-- Records and persons of one table of clinical data.
SELECT COUNT(*) AS records, COUNT(DISTINCT person_id) AS persons FROM #table
