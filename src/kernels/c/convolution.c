// Masked convolutions as matrix products: the neighbours of some pixels are laid out as rows of a matrix in a thread's own
// scratch, multiplied while they are in its cache, and never kept. Also the gate tanh(f) · sigmoid(g) of gated stacks.
#include "gemm.h"
#include "vecMath.h"

// Which inputs an output reads: places around it, each with all channels, as the columns of a matrix.
typedef struct {
  const float *x;
  const double *offsets; // pairs: rows down, columns right
  size_t height, width, channels;
  int rectified; // what is read is max(x, 0)
} Neighbours;

// `count` pixels of one place in one row, to every `step`-th float; a negative input reads as 0 where `rectified`.
static inline void copyRun(const float *from, float *to, size_t count, size_t c, size_t step, int rectified) {
  for (; count > 0; count--, from += c, to += step) {
    if (c == 1) *to = rectified && *from < 0 ? 0 : *from;
    else
      for (size_t i = 0; i < c; i += VW) {
        const vf v = loadUpTo(from + i, c - i);
        storeUpTo(to + i, rectified ? maxNan(v, zeros()) : v, c - i);
      }
  }
}

static inline void clearRun(float *to, size_t count, size_t c, size_t step) {
  for (; count > 0; count--, to += step) memset(to, 0, c * sizeof(float));
}

// Where rows [pixel, end) of one place begin when they are the input itself: pixels straight above or below that are all
// inside one image. Otherwise NULL.
static inline const float *inPlace(const Neighbours *n, size_t pixel, size_t end, size_t tap) {
  const ptrdiff_t width = (ptrdiff_t)n->width, size = (ptrdiff_t)n->height * width;
  const ptrdiff_t down = (ptrdiff_t)n->offsets[2 * tap] * width;
  if (n->rectified || n->offsets[2 * tap + 1] != 0) return NULL;
  const ptrdiff_t first = (ptrdiff_t)pixel % size + down, last = first + (ptrdiff_t)(end - pixel) - 1;
  if (down != 0 && (first < 0 || last - down >= size || last >= size)) return NULL;
  return n->x + ((ptrdiff_t)pixel + down) * (ptrdiff_t)n->channels;
}

// Rows [pixel, end) of that matrix, for places [tap, tapEnd); zeros outside the image. @returns where they begin.
static const float *unfold(const Neighbours *n, size_t pixel, size_t end, size_t tap, size_t tapEnd, float *columns) {
  const ptrdiff_t height = (ptrdiff_t)n->height, width = (ptrdiff_t)n->width;
  const size_t c = n->channels, depth = (tapEnd - tap) * c;
  const float *there = tapEnd - tap == 1 ? inPlace(n, pixel, end, tap) : NULL;
  if (there) return there;
  float *line = columns;
  while (pixel < end) { // one row of an image, or what of it is asked for
    const size_t inImage = pixel % (n->height * n->width);
    const ptrdiff_t row = (ptrdiff_t)(inImage / n->width), column = (ptrdiff_t)(inImage % n->width);
    const ptrdiff_t count = (ptrdiff_t)minSize(end - pixel, n->width - (size_t)column);
    for (size_t t = tap; t < tapEnd; t++) {
      const ptrdiff_t down = (ptrdiff_t)n->offsets[2 * t], right = (ptrdiff_t)n->offsets[2 * t + 1];
      float *to = line + (t - tap) * c;
      ptrdiff_t from = -right - column, until = width - right - column; // inside the image
      if (row + down < 0 || row + down >= height) until = from;
      from = from < 0 ? 0 : from > count ? count : from;
      until = until < from ? from : until > count ? count : until;
      const float *read = n->x + ((ptrdiff_t)pixel + from + down * width + right) * (ptrdiff_t)c;
      clearRun(to, (size_t)from, c, depth);
      if (n->rectified) copyRun(read, to + from * (ptrdiff_t)depth, (size_t)(until - from), c, depth, 1);
      else copyRun(read, to + from * (ptrdiff_t)depth, (size_t)(until - from), c, depth, 0);
      clearRun(to + until * (ptrdiff_t)depth, (size_t)(count - until), c, depth);
    }
    pixel += (size_t)count;
    line += (size_t)count * depth;
  }
  return columns;
}

typedef struct {
  Neighbours from;
  Gemm g; // of all pixels; a is unset
  const float *above; // NULL, or [pixels, n]: a result stays where this is above 0, and is 0 elsewhere
  const float *plus;  // NULL, or [pixels, n], what is added
  size_t tap, tapEnd, n0, n1, rowsPerChunk;
} Convolve;

static void packTaps(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Convolve *t = context;
  const size_t c = t->from.channels, depth = (t->tapEnd - t->tap) * c;
  packPanel(&t->g, t->n0 + (size_t)chunk * NR, t->tap * c, depth, arRuntime.packed + (size_t)chunk * depth * NR);
}

static void convolveTask(const void *context, uint32_t chunk, uint32_t thread) {
  const Convolve *t = context;
  const size_t c = t->from.channels, k0 = t->tap * c, depth = (t->tapEnd - t->tap) * c;
  const size_t row = (size_t)chunk * t->rowsPerChunk, rowEnd = minSize(t->g.m, row + t->rowsPerChunk);
  Gemm g = t->g; // the rows of this chunk and the places of this slice
  g.a = unfold(&t->from, row, rowEnd, t->tap, t->tapEnd, threadScratch(thread));
  g.aRow = depth;
  g.aCol = 1;
  g.c += row * g.ldc;
  g.m = rowEnd - row;
  g.k -= k0;
  g.accumulate = k0 > 0 || t->plus;
  if (t->plus && k0 == 0 && t->n0 == 0) memcpy(g.c, t->plus + row * g.n, g.m * g.n * sizeof(float));
  for (size_t k = 0; k < depth; k += KC) {
    for (size_t col = t->n0; col < t->n1; col += NR) {
      const float *b = arRuntime.packed + ((col - t->n0) * depth + k * NR);
      panelRows(&g, 0, g.m, col, k, minSize(KC, depth - k), b, NR);
    }
  }
  if (!t->above || t->tapEnd * c < t->g.k || t->n1 < g.n) return;
  const float *above = t->above + row * g.n;
  for (size_t i = 0; i < g.m * g.n; i += VW) {
    const size_t count = g.m * g.n - i;
    storeUpTo(g.c + i, pick(loadUpTo(above + i, count) > zeros(), loadUpTo(g.c + i, count), zeros()), count);
  }
}

// x, offsets, w [taps · channels, n], bias?, y, batch, height, width, channels, taps, n, rectified, above?, plus?
static int32_t kernelConvolve(const double *a) {
  const size_t c = SIZE(8), taps = SIZE(9), n = SIZE(10), pixels = SIZE(5) * SIZE(6) * SIZE(7);
  Convolve t = {.from = {F32(0), heapAt(a[1]), SIZE(6), SIZE(7), c, INT(11)}, .above = F32_OR_NULL(12),
                .plus = F32_OR_NULL(13),
                .g = {.b = F32(2), .bRow = n, .bCol = 1, .c = F32(4), .ldc = n, .m = pixels, .n = n, .k = taps * c,
                      .bias = F32_OR_NULL(3)}};
  // All places at once, unless a tile of rows of them does not fit.
  const size_t slice = minSize(taps, maxSize(1, arRuntime.scratchFloats / (MR * c)));
  for (t.tap = 0; t.tap < taps; t.tap = t.tapEnd) {
    t.tapEnd = minSize(taps, t.tap + slice);
    const size_t depth = (t.tapEnd - t.tap) * c;
    // So many that they stay in the second-level cache. The choice does not touch the result.
    t.rowsPerChunk = maxSize(1, minSize(96, 65536 / depth) / MR) * MR;
    const size_t width = arRuntime.packedFloats / depth / NR * NR;
    for (t.n0 = 0; t.n0 < n; t.n0 = t.n1) {
      t.n1 = minSize(n, t.n0 + width);
      parallelFor((uint32_t)ceilDiv(t.n1 - t.n0, NR), packTaps, &t);
      parallelFor((uint32_t)ceilDiv(pixels, t.rowsPerChunk), convolveTask, &t);
    }
  }
  return 0;
}

typedef struct {
  Neighbours from;
  const float *dy;
  float *dw, *db;
  size_t taps, n, rows, rowsPerChunk, chunks, part; // part: floats of one chunk's dw and db
} ConvolveGrad;

// Adds each column of dy [rows, n] to db, from the first row to the last.
static void addRows(const float *dy, size_t rows, size_t n, float *db) {
  enum { BLOCK = 8 }; // of rows, between which a sum stays in its register
  for (size_t row = 0; row < rows; row += BLOCK) {
    const size_t end = minSize(rows, row + BLOCK);
    for (size_t i = 0; i < n; i += VW) {
      vf sum = loadUpTo(db + i, n - i);
      for (size_t r = row; r < end; r++) sum = sum + loadUpTo(dy + r * n + i, n - i);
      storeUpTo(db + i, sum, n - i);
    }
  }
}

static void convolveGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  const ConvolveGrad *t = context;
  const size_t n = t->n, c = t->from.channels, k = t->taps * c;
  const size_t begin = (size_t)chunk * t->rowsPerChunk, end = minSize(t->rows, begin + t->rowsPerChunk);
  float *panel = threadScratch(thread), *columns = panel + PANEL_FLOATS;
  float *dw = t->chunks > 1 ? arRuntime.packed + (size_t)chunk * t->part : t->dw;
  float *db = t->chunks > 1 ? dw + k * n : t->db;
  if (begin == end) memset(dw, 0, k * n * sizeof(float));
  if (db) memset(db, 0, n * sizeof(float));
  if (db) addRows(t->dy + begin * n, end - begin, n, db);
  // A few places at a time, so that their sums stay in the second-level cache while the rows go by, as do the rows that
  // are unfolded at once.
  const size_t group = minSize(t->taps, maxSize(1, 32768 / (c * n)));
  for (size_t tap = 0; tap < t->taps; tap += group) {
    const size_t tapEnd = minSize(t->taps, tap + group), depth = (tapEnd - tap) * c;
    const size_t fit = maxSize(1, (arRuntime.scratchFloats - PANEL_FLOATS) / depth);
    const size_t step = minSize(fit, minSize(192, maxSize(48, 65536 / depth)));
    for (size_t row = begin; row < end; row += step) {
      const size_t rows = minSize(step, end - row);
      const Gemm g = {.a = unfold(&t->from, row, row + rows, tap, tapEnd, columns), .aRow = 1, .aCol = depth,
                      .b = t->dy + row * n, .bRow = n, .bCol = 1, .c = dw + tap * c * n, .ldc = n,
                      .m = depth, .n = n, .k = rows, .accumulate = row > begin};
      gemmSerial(&g, panel);
    }
  }
}

// Adds what the chunks found, always in their order.
static void addPartsTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const ConvolveGrad *t = context;
  const size_t weights = t->part - t->n, end = minSize(t->part, (chunk + (size_t)1) * (CHUNK / 4));
  for (size_t i = chunk * (size_t)(CHUNK / 4); i < end; i += VW) {
    const size_t count = end - i;
    vf sum = loadUpTo(arRuntime.packed + i, count);
    for (size_t part = 1; part < t->chunks; part++)
      sum = sum + loadUpTo(arRuntime.packed + part * t->part + i, count);
    float found[VW];
    store(found, sum);
    for (size_t j = 0; j < minSize(VW, count); j++) {
      if (i + j < weights) t->dw[i + j] = found[j];
      else if (t->db) t->db[i + j - weights] = found[j];
    }
  }
}

// x, offsets, dy, dw [taps · channels, n], db?, batch, height, width, channels, taps, n, rectified
static int32_t kernelConvolveGrad(const double *a) {
  ConvolveGrad t = {.from = {F32(0), heapAt(a[1]), SIZE(6), SIZE(7), SIZE(8), INT(11)}, .dy = F32(2), .dw = F32(3),
                    .db = F32_OR_NULL(4), .taps = SIZE(9), .n = SIZE(10), .rows = SIZE(5) * SIZE(6) * SIZE(7)};
  t.part = (t.taps * t.from.channels + 1) * t.n;
  // Enough parts for many threads, but not so many that adding them up costs more than it saves.
  const size_t wanted = minSize(32, maxSize(8, (1 << 20) / t.part));
  const size_t most = maxSize(1, minSize(wanted, arRuntime.packedFloats / t.part));
  t.rowsPerChunk = maxSize(64, ceilDiv(t.rows, most));
  t.chunks = maxSize(1, ceilDiv(t.rows, t.rowsPerChunk)); // of no image too: its gradients are 0
  parallelFor((uint32_t)t.chunks, convolveGradTask, &t);
  if (t.chunks > 1) parallelFor((uint32_t)ceilDiv(t.part, CHUNK / 4), addPartsTask, &t);
  return 0;
}

typedef struct {
  const float *x, *dy;
  float *out;
  size_t rows, n, perChunk;
} Gate;

static void gateTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Gate *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t row = chunk * t->perChunk; row < end; row++) {
    const float *f = t->x + row * 2 * n, *g = f + n;
    for (size_t i = 0; i < n; i += VW) {
      const vf y = tanhLanes(loadUpTo(f + i, n - i)) * sigmoidLanes(loadUpTo(g + i, n - i));
      storeUpTo(t->out + row * n + i, y, n - i);
    }
  }
}

static void gateGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Gate *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t row = chunk * t->perChunk; row < end; row++) {
    const float *f = t->x + row * 2 * n, *g = f + n;
    float *df = t->out + row * 2 * n, *dg = df + n;
    for (size_t i = 0; i < n; i += VW) {
      const vf d = loadUpTo(t->dy + row * n + i, n - i);
      const vf tanhF = tanhLanes(loadUpTo(f + i, n - i)), sigmoidG = sigmoidLanes(loadUpTo(g + i, n - i));
      storeUpTo(df + i, d * sigmoidG * (splat(1) - tanhF * tanhF), n - i);
      storeUpTo(dg + i, d * tanhF * sigmoidG * (splat(1) - sigmoidG), n - i);
    }
  }
}

// x [rows, 2n], y [rows, n], rows, n
static int32_t kernelGate(const double *a) {
  Gate t = {.x = F32(0), .out = F32(1), .rows = SIZE(2), .n = SIZE(3)};
  t.perChunk = maxSize(1, CHUNK / 8 / maxSize(1, t.n));
  parallelFor((uint32_t)ceilDiv(t.rows, t.perChunk), gateTask, &t);
  return 0;
}

// x [rows, 2n], dy [rows, n], dx [rows, 2n], rows, n
static int32_t kernelGateGrad(const double *a) {
  Gate t = {.x = F32(0), .dy = F32(1), .out = F32(2), .rows = SIZE(3), .n = SIZE(4)};
  t.perChunk = maxSize(1, CHUNK / 8 / maxSize(1, t.n));
  parallelFor((uint32_t)ceilDiv(t.rows, t.perChunk), gateGradTask, &t);
  return 0;
}
