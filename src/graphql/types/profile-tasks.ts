import { Field, Float, InputType, ObjectType } from '../decorators.js';
import { EXCHANGED_FILES } from './exchange-folder.js';
import { LabelMappingInput, MAPPING } from './label-mapping.js';
import { CalibrationType } from './profile.js';

@InputType()
abstract class AnnotatedDataInput {
  @Field(() => String, {
    defaultValue: 'auto',
    description: 'Format of the data; `auto` looks at the files.',
  })
  format!: string;

  @Field(() => [String], { description: EXCHANGED_FILES })
  files!: string[];

  @Field(() => String, {
    defaultValue: 'detected',
    description: 'Where mentions come from: `detected`, `gold`, or `gold-and-detected`.',
  })
  mentions!: string;

  @Field(() => LabelMappingInput, { nullable: true, description: MAPPING })
  mapping?: LabelMappingInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'File for the report as an HTML page, in the same folder.',
  })
  report?: string | null;
}

@InputType('TuneProfileInput', {
  description: 'What a scoring profile is tuned on, and with which memories.',
})
export class TuneProfileInput extends AnnotatedDataInput {
  @Field(() => String, { description: 'Name of the profile; its next version is made.' })
  name!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'Memories that vote: `name` for the newest version, or `name@1.0.0`; `general` if not given.',
  })
  memories?: string[] | null;

  @Field(() => String, {
    defaultValue: 'full',
    description: '`full` tries every setting, `greedy` one coordinate after the other.',
  })
  search!: string;
}

@InputType('EvaluateProfileInput', { description: 'What a scoring profile is evaluated on.' })
export class EvaluateProfileInput extends AnnotatedDataInput {
  @Field(() => String, { description: '`name` for the newest version, or `name@2`.' })
  profile!: string;
}

@ObjectType('LabelCalibration', { simpleResolvers: true, description: 'The calibration of one predicate.' })
export class LabelCalibrationType extends CalibrationType {
  @Field(() => String, { description: 'Predicate id.' })
  label!: string;
}

@ObjectType('LabelNilRatio', {
  simpleResolvers: true,
  description: "A predicate's own threshold against NIL.",
})
export class LabelNilRatioType {
  @Field(() => String, { description: 'Predicate id.' })
  label!: string;

  @Field(() => Float, { description: 'The predicate wins when p(predicate) > nilRatio * p(NIL).' })
  nilRatio!: number;
}
