-- With error_message: for its sentence in another language.
ALTER TABLE exam ADD COLUMN error_code TEXT;
