// A queue: an array whose first is taken without moving the rest.

/** @template Item */
export class Queue {
  /** @type {(Item | undefined)[]} */
  #items = []
  /** Where the first is. */
  #start = 0

  get length() {
    return this.#items.length - this.#start
  }

  /** @param {Item} item */
  push(item) {
    this.#items.push(item)
  }

  /** Put an item before all others. @param {Item} item */
  unshift(item) {
    if (this.#start === 0) this.#items.unshift(item)
    else this.#items[--this.#start] = item
  }

  /** Take the first. @return {Item | undefined} */
  shift() {
    const item = this.#items[this.#start]
    if (this.length === 0) return item
    this.#items[this.#start++] = undefined
    if (this.#start === this.#items.length || this.#start > LONGEST_GAP) {
      this.#items.splice(0, this.#start)
      this.#start = 0
    }
    return item
  }
}

/** How many places of items that were taken are kept. */
const LONGEST_GAP = 1024
