// Kept for those that have not moved to the formats of the language.
export { fullDate, shortDate } from '../../i18n/formats';
