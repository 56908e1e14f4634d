"""PyTorch: a module and torch.optim.RMSprop, or the whole step as one torch.compile program."""
import numpy as np

import common


def peer(args):
    import torch
    from torch import nn
    from torch.nn import functional as F

    if args.threads:
        torch.set_num_threads(args.threads)
    # Of pixels that are never white, RMSProp's averages decay from 1 into denormals within 900 steps,
    # which then cost the eager mode about a fifth of its speed. TensorFlow and XLA flush them to
    # zero by themselves.
    torch.set_flush_denormal(True)

    class Vae(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder_layer = nn.Linear(common.PIXELS, common.HIDDEN)
            self.mean = nn.Linear(common.HIDDEN, common.LATENT)
            self.std = nn.Linear(common.HIDDEN, common.LATENT)
            self.decoder_layer = nn.Linear(common.LATENT, common.HIDDEN)
            self.out = nn.Linear(common.HIDDEN, common.PIXELS)
            for value in self.parameters():  # [outputs, inputs], and [outputs] of a bias
                nn.init.normal_(value, std=(value.shape[-1] / 2) ** -0.5)

        def encoder(self, x):
            h = torch.tanh(self.encoder_layer(x))
            return self.mean(h), self.std(h)

        def decoder(self, z):
            """Returns the logits."""
            return self.out(torch.tanh(self.decoder_layer(z)))

        def forward(self, x):
            """Returns the loss."""
            mean, std = self.encoder(x)
            logits = self.decoder(mean + torch.exp(std / 2) * torch.randn_like(std))
            entropy = F.binary_cross_entropy_with_logits(logits, x, reduction='sum')
            kl = 0.5 * (mean.square() + std.exp() - 1 - std).sum()
            return (entropy + kl) / len(x)

    class Eager:
        def __init__(self, images, batch, seed):
            torch.manual_seed(seed)
            self.images = torch.from_numpy(np.array(images))
            self.vae = Vae()
            # torch's epsilon is added after the root, and its averages start at 0. The default for
            # the CPU, a loop over the parameters, was as quick as foreach=True; none is fused.
            self.optimizer = torch.optim.RMSprop(
                self.vae.parameters(), common.LEARNING_RATE, common.DECAY, common.EPSILON ** 0.5)
            for value in self.vae.parameters():
                self.optimizer.state[value] = {'step': torch.tensor(0.0),
                                               'square_avg': torch.ones_like(value)}

        def steps(self, indices):
            for row in torch.from_numpy(indices):
                loss = self.step(row)
            return loss.detach()

        def step(self, row):
            loss = self.vae(self.images[row].float() / 255)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            return loss

        def save(self, folder):
            torch.save(self.vae.state_dict(), folder / 'vae.pt')

        @torch.inference_mode()
        def decode(self, z):
            return self.decoded(torch.from_numpy(z)).numpy()

        @torch.inference_mode()
        def encode(self, x):
            return [values.numpy() for values in self.encoded(torch.from_numpy(x))]

        def decoded(self, z):
            return torch.sigmoid(self.vae.decoder(z))

        def encoded(self, x):
            return self.vae.encoder(x)

    class Compiled(Eager):
        """Forward, backward and RMSProp in one program.

        It was quicker than forward and backward compiled, and the optimizer's step apart.
        """

        def __init__(self, images, batch, seed):
            super().__init__(images, batch, seed)
            self.p = {name: value.detach() for name, value in self.vae.named_parameters()}
            self.ms = {name: torch.ones_like(value) for name, value in self.p.items()}
            self.compiled = torch.compile(self.whole_step)
            # one program for each number of images, as the other libraries' compilers make
            self.decoded = torch.compile(self.decoded, dynamic=False)
            self.encoded = torch.compile(self.encoded, dynamic=False)

        def step(self, row):
            return self.compiled(self.p, self.ms, self.images, row)

        def whole_step(self, p, ms, images, row):
            def loss_of(p):
                return torch.func.functional_call(self.vae, p, images[row].float() / 255)

            grads, loss = torch.func.grad_and_value(loss_of)(p)
            for name, g in grads.items():
                ms[name].mul_(common.DECAY).addcmul_(g, g, value=1 - common.DECAY)
                p[name].sub_(common.LEARNING_RATE * g * torch.rsqrt(ms[name] + common.EPSILON))
            return loss

    return Eager if args.mode == 'eager' else Compiled


def add_options(parser):
    parser.add_argument('--mode', choices=['eager', 'compiled'], default='eager')


if __name__ == '__main__':
    common.main(__doc__, peer, add_options)
