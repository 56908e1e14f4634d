// The network, and its training step by threads in step with each other.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "products.h"

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

// The encoder up to the thread's share of z_mean and z_std, on batch 0 or 1; before that, where there is a
// gradient `dhead` by them of the batch before, the update of the same weights, while they are in the cache
static void encoder(int t, int batch, float (*dhead)[B]) {
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
    if (dhead) update(0, I, a.x[!batch], a.dh[p], m.enc_h1[p], m.enc_h1_ms[p]);
    encode_panel(p, a.x[batch], a.h[p]);
  }
  to_heads(p0, p1, a.h, a.head[t]);
}

static double step(int t, int batch, int want_loss) {
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
      V(z[q][i]) = u + e * V(a.noise[batch][q][i]);
      if (want_loss) loss -= .5 / B * sum(1.f + l - u * u - e * e);
    }
  for (int p = p0; p < p1; p++) decode_panel(p, z, B, a.d[p], a.dt);
  barrier();

  // The decoder's output: forward, then back to its weights and to this thread's share of dd
  if (t == 0) next_batch();
  if (t == threads - 1) normals(&chance[1], 1, a.noise[!batch][0], 2 * B);
  to_pixels(j0, j1, a.dt, Q, a.y);
  a.loss[t] = loss_gradient(j0, j1, a.x[batch], a.y, want_loss);
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
    gather(images, order + batch_at, k * LANES, a.x[!batch]);
  barrier();

  // Through the sampler: dmean = dz + mean / B,  dlog_var = (dz noise std + (std^2 - 1) / B) / 2
  for (int q = 0; q < 2; q++)
    for (int i = 0; i < B; i += LANES) {
      vec g = {0}, e = V(std[q][i]);
      for (int s = 0; s < threads; s++) g += V(a.dz[s][q][i]);
      V(dhead[q][i]) = g + V(mean[q][i]) * (1.f / B);
      V(dhead[2 + q][i]) = .5f * (g * V(a.noise[batch][q][i]) * e + (e * e - 1.f) * (1.f / B));
    }
  if (t == 0) {
    float g[4] = {0};
    for (int q = 0; q < 4; q++)
      for (int i = 0; i < B; i++) g[q] += dhead[q][i];
    rmsprop_each(m.z_b, m.z_b_ms, g, 4);
  }
  encoder(t, !batch, dhead);
  return loss;
}
