import { ref } from 'vue'

/** What the page is about, where that is more than its kind: the name of a place. Empty: the title of the page. */
export const subject = ref('')
