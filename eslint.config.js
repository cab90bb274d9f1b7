import js from '@eslint/js'
import vueI18n from '@intlify/eslint-plugin-vue-i18n'
import vue from 'eslint-plugin-vue'
import vueA11y from 'eslint-plugin-vuejs-accessibility'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['node_modules/', 'data/', 'web/dist/', '**/*.cjs', '**/*.json', '**/*.yaml'] },
  js.configs.recommended,
  ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  ...vueA11y.configs['flat/recommended'],
  ...vueI18n.configs.recommended,
  {
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.vue'] } },
    settings: { 'vue-i18n': { localeDir: './web/src/core/i18n/*.json', messageSyntaxVersion: '^11.0.0' } },
    rules: {
      // TypeScript knows the names; Prettier the layout.
      'no-undef': 'off',
      'no-shadow': 'off',
      // Text of people is text.
      'vue/no-v-html': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/attributes-order': 'off',
      '@intlify/vue-i18n/no-raw-text': [
        'error',
        {
          ignorePattern: '^[\\s\\d.,:;·•–—/()%×+−-]*$',
          ignoreText: ['EN', 'ΕΛ', '– English', '– Ελληνικά', 'GeoJSON'],
        },
      ],
      // A control inside its label is labelled; asking for `for` as well would double every id.
      'vuejs-accessibility/label-has-for': 'off',
    },
  },
  { files: ['test/**'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
)
