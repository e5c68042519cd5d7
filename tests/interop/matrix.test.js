// What the interop matrix has in it.
import { assert, test } from '../harness.js'
import { cells, FEATURES, GROUPS, sample, SIDES, STACKS, VERSIONS } from './matrix.js'

const values = (list, dimension) => [...new Set(list.map((cell) => cell[dimension]))].filter(Boolean).sort()

for (const side of SIDES) {
  const ofSide = (list) => [...list].filter((cell) => cell.side === side)

  test(`interop: the sample has all there is, ${side}`, () => {
    for (const dimension of ['stack', 'version', 'suite', 'group', 'certificate', 'feature']) {
      assert.deepEqual(values(ofSide(sample), dimension), values(ofSide(cells), dimension), dimension)
    }
    const ends = ofSide(sample).map(({ stack, version }) => `${stack} ${version}`)
    assert.equal(new Set(ends).size, STACKS.length * VERSIONS.length)
  })

  test(`interop: the matrix has all there is, ${side}`, () => {
    assert.deepEqual(values(ofSide(cells), 'stack'), [...STACKS].sort())
    assert.deepEqual(values(ofSide(cells), 'version'), [...VERSIONS].sort())
    assert.deepEqual(values(ofSide(cells), 'group'), [...GROUPS].sort())
    assert.deepEqual(values(ofSide(cells), 'certificate'), ['ecdsa-p256', 'ecdsa-p384', 'ed25519', 'rsa-2048'])
    assert.deepEqual(values(ofSide(cells), 'feature'), Object.keys(FEATURES).sort())
    assert.lengthOf(values(ofSide(cells), 'suite'), 9)
  })
}
