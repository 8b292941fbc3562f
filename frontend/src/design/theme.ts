import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

// The shop: paper, pine and brass. All colours, type and measures of the page are here and nowhere else.
const pine: MantineColorsTuple = [
  '#eef6f2',
  '#d9ebe3',
  '#b3d7c8',
  '#8ac2ab',
  '#63ad90',
  '#4a9a7c',
  '#37836a',
  '#2a6a56',
  '#1f5546',
  '#143d32',
];
const brass: MantineColorsTuple = [
  '#fdf5e7',
  '#f8e8cb',
  '#f0d199',
  '#e7b964',
  '#dfa53b',
  '#c98b1d',
  '#a66f12',
  '#83560c',
  '#63400a',
  '#462d06',
];
const clay: MantineColorsTuple = [
  '#fdf0ec',
  '#f9dcd3',
  '#f1b7a6',
  '#e88f76',
  '#df6c4d',
  '#c9502f',
  '#a93f22',
  '#8a321a',
  '#6a2512',
  '#4c190b',
];
const slate: MantineColorsTuple = [
  '#f2f5f6',
  '#e1e8ea',
  '#c3d0d5',
  '#a1b5bd',
  '#8099a4',
  '#65808c',
  '#4e6874',
  '#3c525d',
  '#2c3f49',
  '#1d2c34',
];

const serif = "'Literata Variable', Georgia, 'Times New Roman', serif";
const sans = "'Golos Text Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

export const theme = createTheme({
  colors: { pine, brass, clay, slate },
  primaryColor: 'pine',
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  // Mantine works out for the light scheme alone what can be read on a filled button.
  variantColorResolver: (input) => ({
    ...defaultVariantColorsResolver(input),
    ...(input.variant === 'filled' && { color: 'var(--on-filled)' }),
  }),
  fontFamily: sans,
  headings: {
    fontFamily: serif,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: 'clamp(1.75rem, 1.4rem + 1.6vw, 2.375rem)', lineHeight: '1.15' },
      h2: { fontSize: '1.375rem', lineHeight: '1.25' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.35' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '10px', lg: '16px', xl: '28px' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2.5rem' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Anchor: { defaultProps: { underline: 'always' } },
    Button: { defaultProps: { size: 'md' } },
    Card: { defaultProps: { withBorder: true, padding: 'lg', radius: 'lg' } },
    Modal: { defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.45 } } },
    // A second banner of the page it would be, to who navigates by landmarks.
    ModalHeader: { defaultProps: { component: 'div' } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {
    '--page-width': '68rem',
    '--header-height': '4rem',
  },
  light: {
    '--mantine-color-body': '#faf6ee',
    '--mantine-color-text': '#20302a',
    '--mantine-color-dimmed': '#5a675f',
    '--mantine-color-placeholder': '#6b756e',
    '--mantine-color-default': '#fffdf8',
    '--mantine-color-default-hover': '#f5efe2',
    '--mantine-color-default-color': '#20302a',
    '--mantine-color-default-border': '#d8ceba',
    '--mantine-color-anchor': '#1f5546',
    '--mantine-color-error': '#a93f22',
    '--on-filled': '#fff',
    '--surface': '#fffdf8',
    '--surface-sunk': '#f3ecdd',
    '--rule': '#e6dcc8',
    '--field': '#ffffff',
    '--field-border': '#8d8673',
  },
  dark: {
    '--mantine-color-body': '#111815',
    '--mantine-color-text': '#e9e5d9',
    '--mantine-color-dimmed': '#a5b0a8',
    '--mantine-color-placeholder': '#8f9a92',
    '--mantine-color-default': '#19221e',
    '--mantine-color-default-hover': '#222e29',
    '--mantine-color-default-color': '#e9e5d9',
    '--mantine-color-default-border': '#38463f',
    '--mantine-color-anchor': '#8ac2ab',
    '--mantine-color-error': '#f1937b',
    '--on-filled': '#0d1f18',
    '--surface': '#19221e',
    '--surface-sunk': '#0c120f',
    '--rule': '#2b3832',
    '--field': '#0f1613',
    '--field-border': '#6f8077',
  },
});
