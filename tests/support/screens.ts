/** The screens people have, as browser options. */
export const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true },
} as const;

export const THEMES = ['light', 'dark'] as const;

/** Every size in every theme. */
export const LOOKS = Object.entries(SIZES).flatMap(([size, options]) =>
  THEMES.map((colorScheme) => ({ name: `${size}-${colorScheme}`, options: { ...options, colorScheme } })),
);
