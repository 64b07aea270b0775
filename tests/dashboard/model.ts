// A dashboard as Grafana's own types have it, with the options of each panel's visualization, which
// `Dashboard` leaves open.

import type { AnnotationQuery, Dashboard, FieldConfig, Panel, RowPanel, VariableModel } from '@grafana/schema';
import type * as BarGauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as Heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as Logs from '@grafana/schema/dist/esm/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen';
import type * as Stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as StateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as Table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as TimeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** The JSON of a type: the values of its enums of strings, which are a type of their own otherwise. */
type Json<T> = T extends string
  ? `${T}`
  : T extends object
    ? { [Key in keyof T]: Json<T[Key]> }
    : T;

type Of<Type extends string, Options, Custom = never> = Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'> & {
  type: Type;
  id: number;
  title: string;
  options: Options;
  fieldConfig: {
    defaults: Omit<FieldConfig, 'custom' | 'links'> & { custom?: Custom; links?: Link[] };
    overrides: NonNullable<Panel['fieldConfig']>['overrides'];
  };
  targets: Target[];
};

/** `DataLink` of `@grafana/data`, as far as JSON can have it. */
type Link = { title: string; url: string; targetBlank?: boolean };

/** The queries of the data sources' plugins: not in Grafana's schema, but in their `dataquery.ts`. */
type Target = { refId: string } & (
  | {
      datasource: { type: 'prometheus'; uid: string };
      expr: string;
      editorMode: 'code' | 'builder';
      format: 'time_series' | 'table' | 'heatmap';
      range: boolean;
      instant: boolean;
      exemplar: boolean;
      legendFormat?: string;
    }
  | {
      datasource: { type: 'loki'; uid: string };
      expr: string;
      editorMode: 'code' | 'builder';
      queryType: 'range' | 'instant';
      legendFormat?: string;
    }
  | {
      datasource: { type: 'tempo'; uid: string };
      query: string;
      queryType: 'traceql';
      tableType: 'traces' | 'spans' | 'raw';
      limit: number;
      spss: number;
    }
);

type Known =
  | Of<'bargauge', BarGauge.Options>
  | Of<'heatmap', Heatmap.Options, Heatmap.FieldConfig>
  | Of<'logs', Logs.Options>
  | Of<'stat', Stat.Options>
  | Of<'state-timeline', StateTimeline.Options, StateTimeline.FieldConfig>
  | Of<'table', Table.Options, Partial<Table.FieldConfig>>
  | Of<'timeseries', TimeSeries.Options, TimeSeries.FieldConfig>;

/** What the plugin of Prometheus knows beside it. */
type Annotation = Omit<AnnotationQuery, 'target'> & {
  target?: { refId: string; expr: string };
  titleFormat?: string;
  textFormat?: string;
};

export type Model = Json<
  Omit<Dashboard, 'annotations' | 'panels' | 'templating'> & {
    annotations: { list: Annotation[] };
    templating: { list: VariableModel[] };
    panels: Array<Known | (Omit<RowPanel, 'panels'> & { panels: Known[] })>;
  }
>;
