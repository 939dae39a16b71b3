// PyTorch's time for the train step that kernelsModel.ts does: same sizes, biases, loss, clipping and optimiser.
import { execFileSync } from 'node:child_process';
import { config } from './kernelsModel';

const { layers, heads, width, time, batch, vocabulary } = config;

const source = `
import sys, time, torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(int(sys.argv[1])); torch.manual_seed(0)
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(${width}), nn.LayerNorm(${width})
        self.qkv, self.out = nn.Linear(${width}, ${3 * width}), nn.Linear(${width}, ${width})
        self.up, self.down = nn.Linear(${width}, ${4 * width}), nn.Linear(${4 * width}, ${width})
    def forward(self, x):
        q, k, v = (t.view(${batch}, ${time}, ${heads}, -1).transpose(1, 2) for t in self.qkv(self.ln1(x)).split(${width}, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(${batch}, ${time}, ${width}))
        return x + self.down(F.gelu(self.up(self.ln2(x)), approximate='tanh'))
class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(${vocabulary}, ${width}), nn.Embedding(${time}, ${width})
        self.blocks, self.ln = nn.ModuleList(Block() for _ in range(${layers})), nn.LayerNorm(${width})
    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe.weight
        for block in self.blocks: x = block(x)
        return F.cross_entropy((self.ln(x) @ self.wte.weight.T).view(-1, ${vocabulary}), targets.view(-1))
model = Gpt(); optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99))
ids, targets = (torch.randint(0, ${vocabulary}, (${batch}, ${time})) for _ in range(2))
def step():
    loss = model(ids, targets); optimizer.zero_grad(set_to_none=True); loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0); optimizer.step(); return loss.item()
for _ in range(3): step()
best, end = 1e9, time.perf_counter() + 10
for _ in range(30):
    start = time.perf_counter(); step(); best = min(best, time.perf_counter() - start)
    if time.perf_counter() > end: break
print(best * 1e3)
`;

/** @returns the fastest of some steps, in milliseconds */
export function torchStep(python: string, threads: number): number {
  return Number(execFileSync(python, ['-c', source, String(threads)], { encoding: 'utf8' }));
}
