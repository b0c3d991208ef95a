import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const WORDS = 'Words that people read or hear are texts of src/i18n: t(…).';

export default ts.config(
  { ignores: ['dist/', 'src/crypto/wasm/', 'src/api/schema.d.ts', 'test/preview/dist/'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      'svelte/no-at-html-tags': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ['src/**/*.svelte'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'SvelteText:not(SvelteStyleElement > SvelteText)[value=/(?<!S-)\\b[A-Za-z]{2}/]',
          message: WORDS,
        },
        {
          selector:
            'SvelteAttribute[key.name=/^(aria-label|alt|label|placeholder|title)$/] > SvelteLiteral[value=/(?<!S-)\\b[A-Za-z]{2}/]',
          message: WORDS,
        },
      ],
    },
  },
  { files: ['*.js'], extends: [ts.configs.disableTypeChecked] },
);
