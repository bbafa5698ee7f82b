-- The number of all copies is summed up for every page of their list.
CREATE INDEX exam_copy_count ON exam (copy_count);
