const FIELDS = "main form[method=post] :is(textarea, input:not([type=hidden]))";

/** Whether something stands in a form of `root` (a document or a part of one) that its page did not bring. */
export const isUnsaved = (root) => [...root.querySelectorAll(FIELDS)]
  .some((field) => (field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked : field.value !== field.defaultValue));
