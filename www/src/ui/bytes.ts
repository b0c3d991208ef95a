// Kept for those that have not moved to the formats of the language.
export { fileSize as sizeText } from '../i18n/formats';
