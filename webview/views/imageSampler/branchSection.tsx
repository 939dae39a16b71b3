// The branches of the image that is looked at: the tree to walk, and each branch with what the whole of it costs.
import type { ImageSamplerContent, ImageSamplerHostCalls } from '../../../src/protocol/imageSamplerView';
import { BranchList } from '../../plots/branchList';
import { ROOT } from '../../plots/branches';
import { TreeView } from '../../plots/tree';
import { useCursor } from '../../ui/cursor';
import { Quantity, Quote } from '../../ui/figure';
import type { Ask } from '../../ui/host';
import { BRANCH_COLUMNS, branchRows, branchTreeWords, treeOf } from './imageBranches';

export function BranchSection(properties: {
  readonly content: ImageSamplerContent;
  readonly host: Ask<ImageSamplerHostCalls>;
}) {
  const { content, host } = properties;
  const { stretches, choice, turn } = content;
  const [tree, onGo] = useCursor(treeOf(content), turn, (move) => {
    const { branch, to } = stretches[move.node] ?? { branch: ROOT, to: 0 };
    host('go', { branch, step: to, turn: move.turn });
  });
  if (stretches.length === 0) return null;
  return (
    <section class="grown" aria-label="Branches">
      <div class="ar-cap">
        <h2>Branches</h2>
        <span class="ar-note">
          {choice.count === 1 ? null : (
            <>
              of <Quantity text={String(choice.image + 1)} unit="image" before />;{' '}
            </>
          )}
          <Quote>r3 c5 = 7: begins at row 3, column 5 with level 7; p of that level</Quote>
        </span>
      </div>
      <TreeView tree={tree} words={branchTreeWords(content)} onGo={onGo} />
      <ul class="ar-legend" data-legend="bits">
        <li>
          <i class="ar-swatch current" />
          path to where it stands
        </li>
        <li>
          <i class="ar-swatch" />
          other branches; thicker is likelier
        </li>
        <li>
          <i class="square forced" />
          begins with a level by hand
        </li>
      </ul>
      <BranchList
        rows={branchRows(content)}
        columns={BRANCH_COLUMNS}
        elements="sub-pixels"
        onGo={onGo}
        onName={(leaf, name) => host('name', { branch: stretches[leaf]?.branch ?? ROOT, name })}
      />
      <p class="ar-label">
        −log p of each whole branch under the model, or under the guided distribution where it was guided;
        before temperature and cuts
      </p>
    </section>
  );
}
