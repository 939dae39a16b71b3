// `data.condition` of a spec of images. What its keys rule out together is said in conditionProblem.ts.
import { Type } from '@sinclair/typebox';

export const ConditionSchema = Type.Object(
  {
    shrink: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 64,
        description:
          'The image itself, shrunken: of each block of so many rows and columns the mean, which all its pixels see; divides height and width.',
      }),
    ),
    images: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Pictures of the same size, one for each image of data.source and in its order: IDX (.gz too), .npy, .npz, or a folder or glob of PNG and JPEG.',
      }),
    ),
    labels: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 256,
        description:
          'How many labels the pictures of data.condition.images have, whose values are labels from 0; brightness when absent.',
      }),
    ),
    validation: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The pictures of data.validation, where that is images of their own.',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [{ shrink: 4 }],
    description:
      'What each image is given place by place: { "shrink": 4 } its own small version, { "images": "sketches.idx" } another picture. Of a family that reads one.',
  },
);
