import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/node_modules/",
      "**/dist/",
      "**/_js/",
      "**/_site/",
      ".venv*/",
      ".uv/",
      "artefacts/",
      "demo-models/",
      "site/",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A static field is a side effect to bundlers, which then drop no class: a getter is none.
      "@typescript-eslint/class-literal-property-style": "off",
      // Numbers in messages are what messages are for.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A function that takes what it does not use says so with an underscore.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // No default exports: one name for one thing.
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Export by name." },
      ],
    },
  },
  { files: ["**/*.config.{js,ts}"], rules: { "no-restricted-syntax": "off" } },
  { files: ["**/*.{js,mjs}"], languageOptions: { globals: globals.node } },
  { files: ["web_demo/models.json.js"], languageOptions: { sourceType: "script" } },
  {
    // Shown and run as it is: a classic script between two others.
    files: ["web_demo/src/question/as-asked.js"],
    languageOptions: {
      sourceType: "script",
      globals: { document: "readonly", tf: "readonly", tfvis: "readonly" },
    },
  },
);
