// The tutorial's whole training step (784-512-2-512-784, batch 64, RMSProp), fused and tuned by hand:
// what a machine's cores can give. A yardstick for the benchmark, not an example for the project.
//
// Every thread owns some hidden units (of both hidden layers) and some pixels (of the output) for good.
// Weights lie in panels of W hidden units, [panel][pixel][W]; the decoder's output weights too, so they
// are transposed. Images and all that is of their shape lie as [pixel][image of the batch]. So all five
// large products run on one register tile, and a gradient never reaches memory: the tile that holds it
// updates its weights.
#define _GNU_SOURCE
#include <immintrin.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#ifdef __AVX512F__
enum { LANES = 16, ROWS = 8 };  // 8x2 accumulators of 32 registers
typedef float vec __attribute__((vector_size(64), may_alias));
typedef int ivec __attribute__((vector_size(64), may_alias));
#define LOW_HALVES (ivec){0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23}
#define RSQRT _mm512_rsqrt14_ps
#define MIN _mm512_min_ps
#define MAX _mm512_max_ps
#elif defined __AVX2__ && defined __FMA__
enum { LANES = 8, ROWS = 6 };  // 6x2 accumulators of 16 registers, 2 for a row of b, 1 for a
typedef float vec __attribute__((vector_size(32), may_alias));
typedef int ivec __attribute__((vector_size(32), may_alias));
#define LOW_HALVES (ivec){0, 8, 1, 9, 2, 10, 3, 11}
#define RSQRT _mm256_rsqrt_ps
#define MIN _mm256_min_ps
#define MAX _mm256_max_ps
#else
#error "needs AVX-512, or AVX2 with FMA"
#endif

enum { B = 64, I = 784, H = 512, W = 2 * LANES, P = H / W, Q = B / W, MAX_THREADS = 16 };
typedef uint8_t bytes __attribute__((vector_size(LANES)));
#define INLINE static inline __attribute__((always_inline))
#define V(x) (*(vec *) &(x))  // the vector that starts at x
#define PARAMETER(name, shape) float name shape, name##_ms shape  // ms: RMSProp's mean square

static struct {
  PARAMETER(enc_h1, [P][I][W]);
  PARAMETER(dec_out, [P][I][W]);
  PARAMETER(enc_b1, [P][W]);
  PARAMETER(z_w, [4][P][W]);  // rows 0, 1: z_mean; 2, 3: z_std
  PARAMETER(z_b, [W]);        // 4 of them
  PARAMETER(dec_h1, [2][P][W]);
  PARAMETER(dec_b1, [P][W]);
  PARAMETER(dec_bo, [I]);
} m __attribute__((aligned(2 << 20)));

static struct {
  float x[2][I][B];                  // this batch and the next
  float noise[2][2][B];
  float h[P][B][W], dh[P][B][W];     // the encoder's hidden layer
  float d[P][B][W], dd[P][B][W];     // the decoder's
  float dt[Q][H][W];                 // d transposed: [images][hidden unit][image]
  float y[I][B];                     // logits, then the loss's gradient by them
  float part[MAX_THREADS][P][B][W];  // each thread's share of dd: the one from its pixels
  float head[MAX_THREADS][4][B];     // each thread's share of z_mean and z_std
  float dz[MAX_THREADS][2][B];
  double loss[MAX_THREADS];
} a __attribute__((aligned(2 << 20)));

static int threads, image_count, *order, batch_at;
static uint8_t *images;

// ---- arithmetic

INLINE vec exp_v(vec x) {  // 2^n e^r, |r| <= ln 2 / 2, by Cephes' polynomial
  x = MAX(MIN(x, (vec){0} + 88.f), (vec){0} - 87.f);
  vec shifted = x * 1.44269504f + 12582912.f, n = shifted - 12582912.f;  // 1.5 * 2^23: rounds
  vec r = x - n * .693359375f + n * 2.12194440e-4f;
  vec e = ((((1.9875691500e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r
      + 4.1665795894e-2f) * r + 1.6666665459e-1f) * r + 5.0000001201e-1f;
  return (vec) ((ivec) (e * r * r + r + 1.f) + ((ivec) shifted << 23));
}
INLINE vec sigmoid(vec x) { return 1.f / (1.f + exp_v(-x)); }
INLINE vec tanh_v(vec x) { return 1.f - 2.f / (1.f + exp_v(2.f * x)); }  // to 1e-7, absolute

INLINE float sum(vec v) {
  float lanes[LANES], s[4] = {0};
  memcpy(lanes, &v, sizeof v);
  for (int l = 0; l < LANES; l++) s[l % 4] += lanes[l];
  return (s[0] + s[1]) + (s[2] + s[3]);
}

INLINE void transpose(vec v[LANES]) {  // perfect shuffles, log2(LANES) times
  for (int round = 1; round < LANES; round *= 2) {
    vec t[LANES];
    for (int i = 0; i < LANES / 2; i++) {
      t[2 * i] = __builtin_shuffle(v[i], v[i + LANES / 2], LOW_HALVES);
      t[2 * i + 1] = __builtin_shuffle(v[i], v[i + LANES / 2], LOW_HALVES + LANES / 2);
    }
    memcpy(v, t, sizeof t);
  }
}

// ms = .9 ms + .1 g^2,  w -= .001 g / sqrt(ms + 1e-10): the root's estimate and a Newton step.
INLINE void rmsprop(float *w, float *ms, vec g) {
  vec s = V(*ms) * .9f + g * g * .1f, t = s + 1e-10f, r = RSQRT(t);
  r *= 1.5f - .5f * t * r * r;
  V(*ms) = s;
  V(*w) -= .001f * g * r;
}
static void rmsprop_each(float *w, float *ms, const float *g, int n) {
  for (int i = 0; i < n; i++) {
    ms[i] = .9f * ms[i] + .1f * g[i] * g[i];
    w[i] -= .001f * g[i] / sqrtf(ms[i] + 1e-10f);
  }
}

// ---- the products

// c[r][:] += sum over k of left[r * row + k * column] * right[k][:], a tile that stays in registers
INLINE void multiply(int rows, int depth, const float *left, int row, int column, const float *right,
                     vec c[ROWS][2]) {
  for (int k = 0; k < depth; k++) {
    vec b0 = V(right[k * W]), b1 = V(right[k * W + LANES]);
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++) {
      float l = left[r * row + k * column];
      c[r][0] += l * b0;
      c[r][1] += l * b1;
    }
  }
}

// Calls f(rows, at, ...) tile by tile, rows being a constant: ROWS, and 4 where ROWS would leave 2.
#define TILES(from, to, f, ...)                              \
  for (int at = from, left; (left = (to) - at) > 0;)         \
    if (left >= ROWS && left != ROWS + 2) {                  \
      f(ROWS, at, __VA_ARGS__);                              \
      at += ROWS;                                            \
    } else {                                                 \
      f(4, at, __VA_ARGS__);                                 \
      at += 4;                                               \
    }

// out[image][:] = start + sum over pixels of x[pixel][image] * w[pixel][:], start being out's if NULL
INLINE void to_hidden_tile(int rows, int image, const float *start, const float (*x)[B],
                           const float (*w)[W], int pixels, float (*out)[W]) {
  vec c[ROWS][2];
  for (int r = 0; r < rows; r++) {
    const float *from = start ? start : out[image + r];
    c[r][0] = V(from[0]), c[r][1] = V(from[LANES]);
  }
  multiply(rows, pixels, &x[0][image], 1, B, w[0], c);
  for (int r = 0; r < rows; r++) V(out[image + r][0]) = c[r][0], V(out[image + r][LANES]) = c[r][1];
}
static void to_hidden(const float *start, const float (*x)[B], const float (*w)[W], int pixels,
                      float (*out)[W]) {
  enum { NEAR = 196 };  // pixels whose weights stay in the first cache
  for (int i = 0, n; i < pixels; i += n) {
    n = pixels - i < NEAR ? pixels - i : NEAR;
    TILES(0, B, to_hidden_tile, i ? NULL : start, x + i, w + i, n, out)
  }
}

// y[pixel][image] = bias[pixel] + sum over hidden units of w[pixel][unit] * dt[unit][image]
INLINE void to_pixels_tile(int rows, int pixel, float (*dt)[H][W], int panels, float (*y)[B]) {
  for (int q = 0; q < panels; q++) {
    vec c[ROWS][2];
    for (int r = 0; r < rows; r++) c[r][0] = c[r][1] = (vec){0} + m.dec_bo[pixel + r];
    for (int p = 0; p < P; p++) multiply(rows, W, m.dec_out[p][pixel], W, 1, dt[q][p * W], c);
    for (int r = 0; r < rows; r++)
      V(y[pixel + r][q * W]) = c[r][0], V(y[pixel + r][q * W + LANES]) = c[r][1];
  }
}
static void to_pixels(int from, int to, float (*dt)[H][W], int panels, float (*y)[B]) {
  TILES(from, to, to_pixels_tile, dt, panels, y)
}

// w[pixel][:] is updated by its gradient, the sum over images of x[pixel][image] * dh[image][:].
INLINE void update_tile(int rows, int pixel, float (*x)[B], float (*dh)[W], float (*w)[W],
                        float (*ms)[W]) {
  vec c[ROWS][2] = {0};
  multiply(rows, B, x[pixel], B, 1, dh[0], c);
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < 2; v++)
      rmsprop(&w[pixel + r][v * LANES], &ms[pixel + r][v * LANES], c[r][v]);
}
static void update(int from, int to, float (*x)[B], float (*dh)[W], float (*w)[W], float (*ms)[W]) {
  TILES(from, to, update_tile, x, dh, w, ms)
}

// ---- the network

// The images that `index` names, LANES of them from `first`, as x[pixel][image] in 0..1
static void gather(const uint8_t *from, const int *index, int first, float (*x)[B]) {
  for (int i = 0; i < I; i += LANES) {
    vec v[LANES];
    for (int l = 0; l < LANES; l++) {
      bytes pixels;
      memcpy(&pixels, from + (size_t) index[first + l] * I + i, LANES);
      v[l] = __builtin_convertvector(pixels, vec);
    }
    transpose(v);
    for (int l = 0; l < LANES; l++) V(x[i + l][first]) = v[l] * (1.f / 255);
  }
}

static void encode_panel(int p, const float (*x)[B], float (*h)[W]) {
  to_hidden(m.enc_b1[p], x, m.enc_h1[p], I, h);
  for (int i = 0; i < B; i++)
    for (int v = 0; v < W; v += LANES) V(h[i][v]) = tanh_v(V(h[i][v]));
}

// The share of panels p0..p1 in z_mean and z_std, without their biases
static void to_heads(int p0, int p1, float (*h)[B][W], float (*head)[B]) {
  for (int i = 0; i < B; i++) {
    vec c[4] = {0};
    for (int p = p0; p < p1; p++)
      for (int v = 0; v < W; v += LANES)
        for (int q = 0; q < 4; q++) c[q] += V(h[p][i][v]) * V(m.z_w[q][p][v]);
    for (int q = 0; q < 4; q++) head[q][i] = sum(c[q]);
  }
}

INLINE vec decode_unit(float z0, float z1, int p, int v) {
  return tanh_v(V(m.dec_b1[p][v]) + z0 * V(m.dec_h1[0][p][v]) + z1 * V(m.dec_h1[1][p][v]));
}

// The decoder's hidden units of panel p for `count` images, and their transpose
static void decode_panel(int p, float (*z)[B], int count, float (*d)[W], float (*dt)[H][W]) {
  for (int i = 0; i < count; i++)
    for (int v = 0; v < W; v += LANES) V(d[i][v]) = decode_unit(z[0][i], z[1][i], p, v);
  for (int i = 0; i < count; i += LANES)
    for (int v = 0; v < W; v += LANES) {
      vec t[LANES];
      for (int l = 0; l < LANES; l++) t[l] = V(d[i + l][v]);
      transpose(t);
      for (int l = 0; l < LANES; l++) V(dt[i / W][p * W + v + l][i % W]) = t[l];
    }
}

// y, the logits, becomes the gradient of the batch's mean loss by them:
// loss = -sum x log(1e-10 + s) + (1 - x) log(1e-10 + 1 - s),  s = sigmoid(y)
static double loss_gradient(int from, int to, float (*x)[B], float (*y)[B], int want_loss) {
  double loss = 0;
  for (int j = from; j < to; j++)
    for (int i = 0; i < B; i += LANES) {
      vec s = sigmoid(V(y[j][i])), o = 1.f - s, t = V(x[j][i]), es = 1e-10f + s, eo = 1e-10f + o;
      for (int l = 0; want_loss && l < LANES; l++)
        loss -= t[l] * logf(es[l]) + (1 - t[l]) * logf(eo[l]);
      V(y[j][i]) = ((1.f - t) * es - t * eo) * (s * o * (1.f / B)) / (es * eo);
    }
  return loss / B;
}

// ---- threads: persistent, and in step with each other by spinning

static _Atomic int arrived, generation;
static void barrier(void) {
  if (threads == 1) return;
  int mine = atomic_load(&generation);
  if (atomic_fetch_add(&arrived, 1) == threads - 1) {
    atomic_store(&arrived, 0);
    atomic_store_explicit(&generation, mine + 1, memory_order_release);
    return;
  }
  for (int spins = 1; atomic_load_explicit(&generation, memory_order_acquire) == mine; spins++) {
    _mm_pause();
    if (spins % 4096 == 0) sched_yield();
  }
}

static void *(*body)(void *);
static void *start_thread(void *thread) {
  _mm_setcsr(_mm_getcsr() | 0x8040);  // denormals are zero: the mean squares of dead pixels get there
  return body(thread);
}
static void run(void *(*f)(void *)) {
  pthread_t others[MAX_THREADS];
  body = f;
  for (intptr_t t = 1; t < threads; t++) pthread_create(&others[t], NULL, start_thread, (void *) t);
  start_thread(NULL);
  for (int t = 1; t < threads; t++) pthread_join(others[t], NULL);
}

// ---- chance

static uint64_t random_bits(uint64_t *state) {  // splitmix64
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}
static float uniform(uint64_t *state) { return ((random_bits(state) >> 40) + .5f) / (1 << 24); }
static void normals(uint64_t *state, float deviation, float *out, int n) {  // n even
  for (int i = 0; i < n; i += 2) {
    float radius = deviation * sqrtf(-2 * logf(uniform(state))), angle = 6.2831853f * uniform(state);
    out[i] = radius * cosf(angle);
    out[i + 1] = radius * sinf(angle);
  }
}
static uint64_t chance[2];  // of the batches (and first of the weights), and of the noise

static void next_batch(void) {
  batch_at += B;
  if (batch_at + B <= image_count) return;
  batch_at = 0;
  for (int i = image_count - 1; i > 0; i--) {
    int j = random_bits(&chance[0]) % (i + 1), o = order[i];
    order[i] = order[j], order[j] = o;
  }
}

static void init(uint64_t seed) {
  madvise(&m, sizeof m, MADV_HUGEPAGE);
  madvise(&a, sizeof a, MADV_HUGEPAGE);
  chance[0] = seed, chance[1] = ~seed;
#define INIT(name, fan_in)                                                              \
  normals(&chance[0], 1 / sqrtf(fan_in / 2.f), (float *) m.name, sizeof m.name / 4);   \
  for (size_t i = 0; i < sizeof m.name / 4; i++) ((float *) m.name##_ms)[i] = 1;
  INIT(enc_h1, I) INIT(dec_out, H) INIT(z_w, H) INIT(dec_h1, 2)
  INIT(enc_b1, H) INIT(dec_bo, I) INIT(z_b, 2) INIT(dec_b1, H)
}

// ---- a training step

static int share(int units, int thread) { return units * thread / threads; }

// The encoder up to the thread's share of z_mean and z_std, on batch `now`; before that, where there is a
// gradient `dhead` by them of the batch before, the update of the same weights, while they are in the cache
static void encoder(int t, int now, float (*dhead)[B]) {
  int p0 = share(P, t), p1 = share(P, t + 1);
  for (int p = p0; p < p1; p++) {
    for (int v = 0; dhead && v < W; v += LANES) {
      vec w[4], dw[4] = {0}, db = {0};
      for (int q = 0; q < 4; q++) w[q] = V(m.z_w[q][p][v]);
      for (int i = 0; i < B; i++) {  // dh = (1 - h^2) sum over q of dhead[q] w[q]
        vec h = V(a.h[p][i][v]), dh = {0};
        for (int q = 0; q < 4; q++) dw[q] += dhead[q][i] * h, dh += dhead[q][i] * w[q];
        dh *= 1.f - h * h;
        db += dh;
        V(a.dh[p][i][v]) = dh;
      }
      for (int q = 0; q < 4; q++) rmsprop(&m.z_w[q][p][v], &m.z_w_ms[q][p][v], dw[q]);
      rmsprop(&m.enc_b1[p][v], &m.enc_b1_ms[p][v], db);
    }
    if (dhead) update(0, I, a.x[!now], a.dh[p], m.enc_h1[p], m.enc_h1_ms[p]);
    encode_panel(p, a.x[now], a.h[p]);
  }
  to_heads(p0, p1, a.h, a.head[t]);
}

static double step(int t, int now, int want_loss) {
  int p0 = share(P, t), p1 = share(P, t + 1), j0 = 4 * share(I / 4, t), j1 = 4 * share(I / 4, t + 1);
  float mean[2][B], log_var[2][B], std[2][B], z[2][B], dhead[4][B], db[I];
  double loss = 0;
  barrier();

  // z = mean + exp(log_var / 2) noise, by every thread; KL = -.5 sum (1 + log_var - mean^2 - std^2)
  for (int q = 0; q < 2; q++)
    for (int i = 0; i < B; i += LANES) {
      vec u = {0}, l = {0};
      for (int s = 0; s < threads; s++) u += V(a.head[s][q][i]), l += V(a.head[s][2 + q][i]);
      u += m.z_b[q], l += m.z_b[2 + q];
      vec e = exp_v(l * .5f);
      V(mean[q][i]) = u, V(log_var[q][i]) = l, V(std[q][i]) = e;
      V(z[q][i]) = u + e * V(a.noise[now][q][i]);
      if (want_loss) loss -= .5 / B * sum(1.f + l - u * u - e * e);
    }
  for (int p = p0; p < p1; p++) decode_panel(p, z, B, a.d[p], a.dt);
  barrier();

  // The decoder's output: forward, then back to its weights and to this thread's share of dd
  if (t == 0) next_batch();
  if (t == threads - 1) normals(&chance[1], 1, a.noise[!now][0], 2 * B);
  to_pixels(j0, j1, a.dt, Q, a.y);
  a.loss[t] = loss_gradient(j0, j1, a.x[now], a.y, want_loss);
  for (int p = 0; p < P; p++) {
    static const float zero[W] __attribute__((aligned(64)));
    to_hidden(zero, a.y + j0, m.dec_out[p] + j0, j1 - j0, a.part[t][p]);
    update(j0, j1, a.y, a.d[p], m.dec_out[p], m.dec_out_ms[p]);
  }
  for (int j = j0; j < j1; j++) {
    vec s = {0};
    for (int i = 0; i < B; i += LANES) s += V(a.y[j][i]);
    db[j] = sum(s);
  }
  rmsprop_each(m.dec_bo + j0, m.dec_bo_ms + j0, db + j0, j1 - j0);
  barrier();

  // The decoder's hidden layer, and this thread's share of dz
  for (int s = 0; s < threads; s++) loss += a.loss[s];
  for (int p = p0; p < p1; p++)
    for (int i = 0; i < B; i++)
      for (int v = 0; v < W; v += LANES) {  // dd, the gradient before tanh
        vec g = {0}, d = V(a.d[p][i][v]);
        for (int s = 0; s < threads; s++) g += V(a.part[s][p][i][v]);
        V(a.dd[p][i][v]) = g * (1.f - d * d);
      }
  for (int i = 0; i < B; i++) {
    vec c[2] = {0};
    for (int p = p0; p < p1; p++)
      for (int v = 0; v < W; v += LANES)
        for (int q = 0; q < 2; q++) c[q] += V(a.dd[p][i][v]) * V(m.dec_h1[q][p][v]);
    for (int q = 0; q < 2; q++) a.dz[t][q][i] = sum(c[q]);
  }
  for (int p = p0; p < p1; p++)
    for (int v = 0; v < W; v += LANES) {
      vec dw[2] = {0}, db = {0};
      for (int i = 0; i < B; i++) {
        vec g = V(a.dd[p][i][v]);
        dw[0] += z[0][i] * g, dw[1] += z[1][i] * g, db += g;
      }
      for (int q = 0; q < 2; q++) rmsprop(&m.dec_h1[q][p][v], &m.dec_h1_ms[q][p][v], dw[q]);
      rmsprop(&m.dec_b1[p][v], &m.dec_b1_ms[p][v], db);
    }
  for (int k = share(B / LANES, t); k < share(B / LANES, t + 1); k++)
    gather(images, order + batch_at, k * LANES, a.x[!now]);
  barrier();

  // Through the sampler: dmean = dz + mean / B,  dlog_var = (dz noise std + (std^2 - 1) / B) / 2
  for (int q = 0; q < 2; q++)
    for (int i = 0; i < B; i += LANES) {
      vec g = {0}, e = V(std[q][i]);
      for (int s = 0; s < threads; s++) g += V(a.dz[s][q][i]);
      V(dhead[q][i]) = g + V(mean[q][i]) * (1.f / B);
      V(dhead[2 + q][i]) = .5f * (g * V(a.noise[now][q][i]) * e + (e * e - 1.f) * (1.f / B));
    }
  if (t == 0) {
    float g[4] = {0};
    for (int q = 0; q < 4; q++)
      for (int i = 0; i < B; i++) g[q] += dhead[q][i];
    rmsprop_each(m.z_b, m.z_b_ms, g, 4);
  }
  encoder(t, !now, dhead);
  return loss;
}

// ---- tasks

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}
static double now(void) { return seconds(CLOCK_MONOTONIC); }
static int by_value(const void *x, const void *y) {
  return (*(double *) x > *(double *) y) - (*(double *) x < *(double *) y);
}
static void fail(const char *message, const char *what) {
  fprintf(stderr, "limit: %s%s\n", message, what);
  exit(1);
}

static uint8_t *read_images(const char *dir, const char *name, int *count) {
  char file[4096];
  uint8_t head[16];
  snprintf(file, sizeof file, "%s/%s", dir, name);
  setenv("IDX", file, 1);
  FILE *in = popen("gzip -dc -- \"$IDX\"", "r");
  if (!in || fread(head, 1, 16, in) != 16 || memcmp(head, "\0\0\10\3", 4))
    fail("expected a gzipped IDX file of images: ", file);
  *count = head[4] << 24 | head[5] << 16 | head[6] << 8 | head[7];
  uint8_t *pixels = malloc((size_t) *count * I);
  if (fread(pixels, I, *count, in) != (size_t) *count) fail("too short: ", file);
  pclose(in);
  return pixels;
}

static const char *data_dir, *out_dir;
static long warmup, steps;
static double first_step, rate, last_loss, late_loss;  // late: the mean of the last ten looked at

static void *train(void *thread) {
  int t = (intptr_t) thread, looked = 0;
  double started = 0, losses[10];
  encoder(t, 0, NULL);
  for (long s = 1; s <= warmup + steps; s++) {
    int want_loss = s == 1 || s % 1000 == 0 || s == warmup + steps;
    double loss = step(t, (s - 1) % 2, want_loss);
    if (t != 0) continue;
    if (want_loss) last_loss = loss;
    if (s % 1000 == 0) losses[looked++ % 10] = loss;
    if (s == 1) first_step = seconds(CLOCK_REALTIME);
    if (s == warmup || s == 1) started = now();
  }
  barrier();
  if (t != 0) return NULL;
  rate = (steps - (warmup == 0)) / (now() - started);  // without a warm-up, from the first step on
  int n = looked < 10 ? looked : 10;
  for (int i = 0; i < n; i++) late_loss += losses[i] / n;
  if (n == 0) late_loss = last_loss;
  return NULL;
}

static void start_training(void) {
  images = read_images(data_dir, "train-images-idx3-ubyte.gz", &image_count);
  order = malloc(image_count * sizeof *order);
  for (int i = 0; i < image_count; i++) order[i] = i;
  batch_at = image_count;
  next_batch();
  for (int k = 0; k < B; k += LANES) gather(images, order + batch_at, k, a.x[0]);
  normals(&chance[1], 1, a.noise[0][0], 2 * B);
  run(train);
}

static void write_floats(const char *name, const float *values, int n) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.f32", out_dir, name);
  FILE *out = fopen(path, "wb");
  if (!out || fwrite(values, 4, n, out) != (size_t) n || fclose(out)) fail("can't write ", path);
}
static void write_weights(void) {  // row-major, in TensorFlow's shapes
  static float big[I * H], z[2][H * 2];
  mkdir(out_dir, 0777);
  for (int i = 0; i < I; i++)
    for (int n = 0; n < H; n++) big[i * H + n] = m.enc_h1[n / W][i][n % W];
  write_floats("weights_encoder_h1", big, I * H);
  for (int n = 0; n < H; n++)
    for (int q = 0; q < 4; q++) z[q / 2][2 * n + q % 2] = m.z_w[q][n / W][n % W];
  write_floats("weights_z_mean", z[0], H * 2);
  write_floats("weights_z_std", z[1], H * 2);
  write_floats("weights_decoder_h1", m.dec_h1[0][0], 2 * H);
  for (int n = 0; n < H; n++)
    for (int i = 0; i < I; i++) big[n * I + i] = m.dec_out[n / W][i][n % W];
  write_floats("weights_decoder_out", big, H * I);
  write_floats("biases_encoder_b1", m.enc_b1[0], H);
  write_floats("biases_z_mean", m.z_b, 2);
  write_floats("biases_z_std", m.z_b + 2, 2);
  write_floats("biases_decoder_b1", m.dec_b1[0], H);
  write_floats("biases_decoder_out", m.dec_bo, I);
}

// Decodes one point z. Every thread computes the hidden layer and its own pixels.
static void decode_one(int t, const float *z, float *image) {
  vec d[P][2], y[LANES];
  int j0 = LANES * share(I / LANES, t), j1 = LANES * share(I / LANES, t + 1);
  for (int p = 0; p < P; p++)
    for (int v = 0; v < 2; v++) d[p][v] = decode_unit(z[0], z[1], p, v * LANES);
  for (int j = j0; j < j1; j += LANES) {
    for (int l = 0; l < LANES; l++) y[l] = (vec){0};
    for (int p = 0; p < P; p++)
      for (int l = 0; l < LANES; l++)
        y[l] += V(m.dec_out[p][j + l][0]) * d[p][0] + V(m.dec_out[p][j + l][LANES]) * d[p][1];
    transpose(y);
    vec s = V(m.dec_bo[j]);
    for (int l = 0; l < LANES; l++) s += y[l];
    V(image[j]) = sigmoid(s);
  }
}

// Decodes n points; thread t the t-th share of them, in blocks of B. n is a multiple of W.
static void decode_many(int t, int n, const float *z, float *out) {
  static __thread float d[B][W] __attribute__((aligned(64))), dt[Q][H][W] __attribute__((aligned(64)));
  static __thread float y[I][B] __attribute__((aligned(64)));
  int to = W * share(n / W, t + 1);
  for (int from = W * share(n / W, t), count; from < to; from += count) {
    float block[2][B];
    count = to - from < B ? to - from : B;
    for (int i = 0; i < count; i++) block[0][i] = z[2 * (from + i)], block[1][i] = z[2 * (from + i) + 1];
    for (int p = 0; p < P; p++) decode_panel(p, block, count, d, dt);
    to_pixels(0, I, dt, count / W, y);
    for (int i = 0; i < count; i += LANES)
      for (int j = 0; j < I; j += LANES) {
        vec v[LANES];
        for (int l = 0; l < LANES; l++) v[l] = sigmoid(V(y[j + l][i]));
        transpose(v);
        for (int l = 0; l < LANES; l++) V(out[(size_t) (from + i + l) * I + j]) = v[l];
      }
  }
}

// z_mean and z_std of n images, [n][4]
static void encode_many(int t, int n, const uint8_t *from, float *out) {
  static __thread float x[I][B] __attribute__((aligned(64))), h[P][B][W] __attribute__((aligned(64)));
  int blocks = (n + B - 1) / B;
  for (int k = share(blocks, t); k < share(blocks, t + 1); k++) {
    int index[B];
    float head[4][B];
    for (int i = 0; i < B; i++) index[i] = k * B + i < n ? k * B + i : n - 1;
    for (int i = 0; i < B; i += LANES) gather(from, index, i, x);
    for (int p = 0; p < P; p++) encode_panel(p, x, h[p]);
    to_heads(0, P, h, head);
    for (int i = 0; i < B && k * B + i < n; i++)
      for (int q = 0; q < 4; q++) out[4 * (k * B + i) + q] = head[q][i] + m.z_b[q];
  }
}

// The seconds of one call of f by all threads, as thread 0 sees them
#define TIMED(f, ...) ({ barrier(); double began = now(); f(t, __VA_ARGS__); barrier(); now() - began; })

static void *infer(void *thread) {
  enum { ONES = 3000, MANY = 10000, TURNS = 11 };
  static float z[2 * MANY], one[I] __attribute__((aligned(64))), latent[4 * MANY];
  static float out[(size_t) MANY * I] __attribute__((aligned(64)));
  int t = (intptr_t) thread, test_count = 0;
  double times[ONES], small[TURNS], large[TURNS], encoded[TURNS];
  static uint8_t *test;
  if (t == 0) {
    normals(&chance[0], 1, z, 2 * MANY);
    test = read_images(data_dir, "t10k-images-idx3-ubyte.gz", &test_count);
    if (test_count != MANY) fail("expected 10000 test images in ", data_dir);
  }
  for (int i = -300; i < ONES; i++) {
    double time = TIMED(decode_one, z + 2 * (i + 300), one);
    if (i >= 0) times[i] = time;
  }
  for (int i = 0; i < TURNS; i++) {
    small[i] = TIMED(decode_many, 400, z, out);
    large[i] = TIMED(decode_many, MANY, z, out);
    encoded[i] = TIMED(encode_many, MANY, test, latent);
  }
  if (t != 0) return NULL;
  qsort(times, ONES, sizeof *times, by_value);
  qsort(small, TURNS, sizeof *small, by_value);
  qsort(large, TURNS, sizeof *large, by_value);
  qsort(encoded, TURNS, sizeof *encoded, by_value);
  printf("{\"task\":\"infer\",\"one_p50_us\":%.2f,\"one_p99_us\":%.2f,\"decode400_per_s\":%.0f,"
         "\"decode10000_per_s\":%.0f,\"encode10000_per_s\":%.0f}\n", times[ONES / 2] * 1e6,
         times[ONES * 99 / 100] * 1e6, 400 / small[TURNS / 2], MANY / large[TURNS / 2],
         MANY / encoded[TURNS / 2]);
  return NULL;
}

// What the FMA units give when nothing else is asked of them
static void multiply_add(int t, long n, float *out) {
  vec c[12], x = (vec){0} + 1 - 1e-7f * t, y = (vec){0} + 1e-7f;
  for (int r = 0; r < 12; r++) c[r] = (vec){0} + (float) r;
  for (long k = 0; k < n; k++)
#pragma GCC unroll 12
    for (int r = 0; r < 12; r++) c[r] = c[r] * x + y;
  for (int r = 0; r < 12; r++) out[t] += sum(c[r]);
}
static void *peak(void *thread) {
  int t = (intptr_t) thread;
  long n = 10000000;
  static float out[MAX_THREADS];
  double best = 1e9;
  for (int i = 0; i < 7; i++) {
    double time = TIMED(multiply_add, n, out);
    if (time < best) best = time;
  }
  if (t == 0) printf("{\"task\":\"peak\",\"threads\":%d,\"gflop_per_s\":%.1f}\n", threads,
                     2. * 12 * LANES * n * threads / best / 1e9);
  return NULL;
}

int main(int argc, char **argv) {
  const char *task = argc > 1 ? argv[1] : "";
  uint64_t seed = 1;
  cpu_set_t cpus;
  sched_getaffinity(0, sizeof cpus, &cpus);
  threads = CPU_COUNT(&cpus);
  for (int i = 2; i < argc; i += 2) {
    char *name = argv[i], *value = argv[i + 1];
    if (!value) fail("no value for ", name);
    else if (!strcmp(name, "--data")) data_dir = value;
    else if (!strcmp(name, "--out")) out_dir = value;
    else if (!strcmp(name, "--warmup")) warmup = atol(value);
    else if (!strcmp(name, "--steps")) steps = atol(value);
    else if (!strcmp(name, "--seed")) seed = strtoull(value, NULL, 10);
    else if (!strcmp(name, "--threads")) threads = strcmp(value, "auto") ? atoi(value) : threads;
    else if (strcmp(name, "--batch")) fail("unknown option ", name);
    else if (atoi(value) != B) fail("only batches of 64, not ", value);
  }
  threads = threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads;
  if (!strcmp(task, "peak")) return run(peak), 0;
  if (!data_dir) fail("train, infer or job wants --data DIR; or peak", "");
  init(seed);
  if (!strcmp(task, "infer")) return run(infer), 0;
  if (steps < 1) fail("--steps N is wanted", "");
  if (!strcmp(task, "train")) {
    start_training();
    printf("{\"task\":\"train\",\"first_step\":%.6f,\"steps_per_s\":%.2f,\"loss\":%.4f}\n", first_step,
           rate, last_loss);
  } else if (!strcmp(task, "job") && out_dir) {
    start_training();
    write_weights();
    printf("{\"task\":\"job\",\"loss\":%.4f}\n", late_loss);
  } else fail("expected train, infer, job with --out DIR, or peak; found ", task);
}
