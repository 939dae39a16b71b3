// The matrix product. Why it is fast: a tile of MR x NR results stays in registers while k runs, B is repacked so
// that the tile reads it in order, and work is cut so that each panel of B stays in the first-level cache.
// It must not know layers; activation and bias are here only because the tile is still in cache.
#include "gemm.h"
#include "vecMath.h"

#define INLINE static inline __attribute__((always_inline))

// One register tile: `rows`, `vectors` and the unit strides are compile-time constants at each call site.
INLINE void tileBody(const int rows, const int vectors, const float *a, size_t aRow, size_t aCol, const float *b, size_t bStep,
                     size_t k, float *c, size_t ldc, int fresh, const float *bias) {
  vf acc[MR][NV];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) acc[i][j] = fresh ? zeros() : load(c + i * ldc + j * VW);
  for (size_t p = 0; p < k; p++) {
    vf bv[NV];
    for (int j = 0; j < vectors; j++) bv[j] = load(b + j * VW);
    for (int i = 0; i < rows; i++) {
      vf av = splat(a[i * aRow]);
      for (int j = 0; j < vectors; j++) acc[i][j] = fmadd(av, bv[j], acc[i][j]);
    }
    a += aCol;
    b += bStep;
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) {
      if (bias) acc[i][j] = acc[i][j] + load(bias + j * VW);
      store(c + i * ldc + j * VW, acc[i][j]);
    }
}

#define TILE_CASE(r, vectors)                                                                    \
  case r:                                                                                        \
    if (aCol == 1) tileBody(r, vectors, a, aRow, 1, b, bStep, k, c, ldc, fresh, bias);           \
    else tileBody(r, vectors, a, 1, aCol, b, bStep, k, c, ldc, fresh, bias);                     \
    break;

#define TILE_CASES_6(v) TILE_CASE(1, v) TILE_CASE(2, v) TILE_CASE(3, v) TILE_CASE(4, v) TILE_CASE(5, v) TILE_CASE(6, v)
#if MR > 8
#define TILE_CASES(v)                                                                            \
  TILE_CASES_6(v) TILE_CASE(7, v) TILE_CASE(8, v) TILE_CASE(9, v) TILE_CASE(10, v) TILE_CASE(11, v) TILE_CASE(12, v)
#elif MR > 6
#define TILE_CASES(v) TILE_CASES_6(v) TILE_CASE(7, v) TILE_CASE(8, v)
#else
#define TILE_CASES(v) TILE_CASES_6(v)
#endif

#define TILE_OF(name, vectors)                                                                   \
  static __attribute__((noinline)) void name(size_t rows, const float *a, size_t aRow, size_t aCol, const float *b, \
                                             size_t bStep, size_t k, float *c, size_t ldc, int fresh, \
                                             const float *bias) {                                \
    switch (rows) {                                                                              \
      TILE_CASES(vectors)                                                                        \
      default: break;                                                                            \
    }                                                                                            \
  }
TILE_OF(tile, NV)
TILE_OF(tileOfOne, 1) // of one vector: what the last panel often is

// Adds the bias and activates `cols` columns of `rows` finished rows.
static void finishTile(const Gemm *g, size_t row, size_t rows, size_t col, size_t cols) {
  for (size_t i = 0; i < rows; i++) {
    float *c = g->c + (row + i) * g->ldc + col;
    float *y = g->activated ? g->activated + (row + i) * g->ldc + col : NULL;
    for (size_t j = 0; j < cols; j += VW) {
      vf u = loadUpTo(c + j, cols - j);
      if (g->bias) {
        u = u + loadUpTo(g->bias + col + j, cols - j);
        storeUpTo(c + j, u, cols - j);
      }
      if (y) storeUpTo(y + j, geluLanes(u), cols - j);
    }
  }
}

// Rows [row, rowEnd) of one panel of columns, for k in [k0, k0 + depth).
static void panelRows(const Gemm *g, size_t row, size_t rowEnd, size_t col, size_t k0, size_t depth,
                      const float *b, size_t bStep) {
  const size_t cols = minSize(NR, g->n - col);
  const int fresh = k0 == 0 && !g->accumulate;
  const int last = k0 + depth == g->k && (g->bias || g->activated);
  // A bias alone is added while the tile is in registers, where its vectors are whole.
  const float *bias = last && !g->activated && (cols == NR || cols == VW) ? g->bias + col : NULL;
  for (; row < rowEnd; row += MR) {
    const size_t rows = minSize(MR, rowEnd - row);
    const float *a = g->a + row * g->aRow + k0 * g->aCol;
    float *c = g->c + row * g->ldc + col;
    if (cols == NR) {
      tile(rows, a, g->aRow, g->aCol, b, bStep, depth, c, g->ldc, fresh, bias);
    } else if (cols == VW) {
      tileOfOne(rows, a, g->aRow, g->aCol, b, bStep, depth, c, g->ldc, fresh, bias);
    } else { // a partial panel is computed whole beside the matrix, then the part that exists is copied
      float edge[MR * NR];
      if (!fresh)
        for (size_t i = 0; i < rows; i++) memcpy(edge + i * NR, c + i * g->ldc, cols * sizeof(float));
      (cols < VW ? tileOfOne : tile)(rows, a, g->aRow, g->aCol, b, bStep, depth, edge, NR, fresh, NULL);
      for (size_t i = 0; i < rows; i++) memcpy(c + i * g->ldc, edge + i * NR, cols * sizeof(float));
    }
    if (last && !bias) finishTile(g, row, rows, col, cols);
  }
}

#if defined(__clang__)
#define SHUFFLE(x, y, a, b, c, d) __builtin_shufflevector(x, y, a, b, c, d)
#else
#define SHUFFLE(x, y, a, b, c, d) __builtin_shuffle(x, y, (v4i){a, b, c, d})
#endif
typedef float v4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef int32_t v4i __attribute__((vector_size(16)));

INLINE void transpose4x4(const float *in, size_t inStep, float *out, size_t outStep) {
  v4 r0 = *(const v4 *)in, r1 = *(const v4 *)(in + inStep);
  v4 r2 = *(const v4 *)(in + 2 * inStep), r3 = *(const v4 *)(in + 3 * inStep);
  v4 t0 = SHUFFLE(r0, r1, 0, 4, 1, 5), t1 = SHUFFLE(r2, r3, 0, 4, 1, 5);
  v4 t2 = SHUFFLE(r0, r1, 2, 6, 3, 7), t3 = SHUFFLE(r2, r3, 2, 6, 3, 7);
  *(v4 *)out = SHUFFLE(t0, t1, 0, 1, 4, 5);
  *(v4 *)(out + outStep) = SHUFFLE(t0, t1, 2, 3, 6, 7);
  *(v4 *)(out + 2 * outStep) = SHUFFLE(t2, t3, 0, 1, 4, 5);
  *(v4 *)(out + 3 * outStep) = SHUFFLE(t2, t3, 2, 3, 6, 7);
}

// Columns [col, col + NR) of B for k in [k0, k0 + depth), k by k, missing columns zero.
static void packPanel(const Gemm *g, size_t col, size_t k0, size_t depth, float *out) {
  const size_t cols = minSize(NR, g->n - col);
  const float *b = g->b + col * g->bCol + k0 * g->bRow;
  if (g->bCol == 1) {
    for (size_t p = 0; p < depth; p++, b += g->bRow, out += NR) {
      for (size_t j = 0; j < NR; j += VW)
        store(out + j, j >= cols ? zeros() : loadUpTo(b + j, cols - j));
    }
    return;
  }
  size_t j = 0;
  for (; j + 4 <= cols; j += 4) {
    size_t p = 0;
    for (; p + 4 <= depth; p += 4) transpose4x4(b + j * g->bCol + p, g->bCol, out + p * NR + j, NR);
    for (; p < depth; p++)
      for (size_t q = 0; q < 4; q++) out[p * NR + j + q] = b[(j + q) * g->bCol + p];
  }
  for (; j < NR; j++)
    for (size_t p = 0; p < depth; p++) out[p * NR + j] = j < cols ? b[j * g->bCol + p] : 0.0f;
}

// Columns [col, colEnd) on one thread. B is read in place where a single tile of rows makes packing a waste, or where it
// is so narrow that it lies as a packed panel would.
static void columnRange(const Gemm *g, size_t col, size_t colEnd, float *panel) {
  for (; col < colEnd; col += NR) {
    const int direct = g->bCol == 1 && col + NR <= g->n && (g->m <= MR || g->bRow <= 2 * NR);
    for (size_t k0 = 0; k0 < g->k; k0 += KC) {
      const size_t depth = minSize(KC, g->k - k0);
      const float *b = panel;
      if (direct) b = g->b + k0 * g->bRow + col;
      else packPanel(g, col, k0, depth, panel);
      panelRows(g, 0, g->m, col, k0, depth, b, direct ? g->bRow : NR);
    }
  }
}

static void clearResult(const Gemm *g) {
  for (size_t i = 0; i < g->m; i++)
    if (!g->accumulate) memset(g->c + i * g->ldc, 0, g->n * sizeof(float));
  for (size_t col = 0; col < g->n; col += NR)
    if (g->bias || g->activated) finishTile(g, 0, g->m, col, minSize(NR, g->n - col));
}

static void gemmSerial(const Gemm *g, float *panel) {
  if (g->k == 0) clearResult(g);
  else columnRange(g, 0, g->n, panel);
}

typedef struct {
  const Gemm *g;
  size_t n0, n1, k0, depth;                 // the part of B that is packed now
  size_t rowsPerChunk, panelsPerChunk, rowChunks;
} Part;

static void packTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Part *part = context;
  float *out = arRuntime.packed + (size_t)chunk * part->depth * NR;
  packPanel(part->g, part->n0 + (size_t)chunk * NR, part->k0, part->depth, out);
}

static void tileTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Part *part = context;
  const Gemm *g = part->g;
  const size_t row = (chunk % part->rowChunks) * part->rowsPerChunk;
  const size_t rowEnd = minSize(g->m, row + part->rowsPerChunk);
  const size_t col0 = part->n0 + (chunk / part->rowChunks) * part->panelsPerChunk * NR;
  const size_t col1 = minSize(part->n1, col0 + part->panelsPerChunk * NR);
  for (size_t k0 = 0; k0 < part->depth; k0 += KC) {
    const size_t depth = minSize(KC, part->depth - k0);
    for (size_t col = col0; col < col1; col += NR) {
      const float *b = arRuntime.packed + ((col - part->n0) * part->depth + k0 * NR);
      panelRows(g, row, rowEnd, col, part->k0 + k0, depth, b, NR);
    }
  }
}

static void columnTask(const void *context, uint32_t chunk, uint32_t thread) {
  const Part *part = context;
  const size_t col = (size_t)chunk * part->panelsPerChunk * NR;
  columnRange(part->g, col, minSize(part->g->n, col + part->panelsPerChunk * NR), threadScratch(thread));
}

static void gemm(const Gemm *g) {
  const size_t panels = ceilDiv(g->n, NR);
  if (g->k == 0 || g->m * g->n * g->k < 32768) {
    gemmSerial(g, threadScratch(0));
    return;
  }
  if (g->m <= MR) {
    Part part = {.g = g, .panelsPerChunk = maxSize(1, ceilDiv(65536, g->k * NR))};
    parallelFor((uint32_t)ceilDiv(panels, part.panelsPerChunk), columnTask, &part);
    return;
  }
  // Rows are cut evenly into blocks that keep A in the second-level cache, then columns until every thread has
  // a few chunks. Neither choice touches the result.
  const size_t rowTiles = ceilDiv(g->m, MR), rowChunks = ceilDiv(rowTiles, 96 / MR);
  Part part = {.g = g, .rowsPerChunk = ceilDiv(rowTiles, rowChunks) * MR};
  part.rowChunks = ceilDiv(g->m, part.rowsPerChunk);
  const size_t depthLimit = minSize(arRuntime.packedFloats / NR, 4096);
  for (part.k0 = 0; part.k0 < g->k; part.k0 += part.depth) {
    part.depth = minSize(depthLimit, g->k - part.k0);
    const size_t width = arRuntime.packedFloats / part.depth / NR * NR;
    for (part.n0 = 0; part.n0 < g->n; part.n0 = part.n1) {
      part.n1 = minSize(g->n, part.n0 + width);
      const size_t partPanels = ceilDiv(part.n1 - part.n0, NR);
      const size_t wanted = ceilDiv(8 * arRuntime.threads, part.rowChunks);
      part.panelsPerChunk = maxSize(1, partPanels / wanted);
      parallelFor((uint32_t)partPanels, packTask, &part);
      parallelFor((uint32_t)(part.rowChunks * ceilDiv(partPanels, part.panelsPerChunk)), tileTask, &part);
    }
  }
}
