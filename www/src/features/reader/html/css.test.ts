import { describe, expect, it } from 'vitest';
import { cleanDeclarations, type StyleAddress } from './css';

/** Declarations as a browser has read them: happy-dom reads few, so they are listed here. */
function declared(...properties: [name: string, value: string, priority?: string][]): CSSStyleDeclaration {
  const names = properties.map(([name]) => name);
  const find = (name: string) => properties.find(([other]) => other === name);
  return Object.assign([...names], {
    getPropertyValue: (name: string) => find(name)?.[1] ?? '',
    getPropertyPriority: (name: string) => find(name)?.[2] ?? '',
  }) as unknown as CSSStyleDeclaration;
}

const NOWHERE: StyleAddress = () => undefined;
const ANYWHERE: StyleAddress = (address) => address.replace('http:', 'https:');

describe('cleanDeclarations', () => {
  it('keeps what lays out and colours', () => {
    const style = declared(['color', 'red'], ['font-size', '12px', 'important'], ['margin-top', '1em']);
    expect(cleanDeclarations(style, NOWHERE)).toBe(
      'color: red; font-size: 12px !important; margin-top: 1em;',
    );
  });

  it.each([
    ['position', 'fixed'],
    ['z-index', '9'],
    ['content', '"a"'],
    ['animation-name', 'a'],
    ['transform', 'scale(9)'],
    ['behavior', 'url(x)'],
    ['filter', 'blur(3px)'],
    ['cursor', 'url(http://a.example/x), auto'],
    ['--a', 'url(http://a.example/x)'],
    ['list-style-image', 'url(http://a.example/x)'],
    ['background-image', 'image-set("http://a.example/x" 1x)'],
    ['height', '100vh'],
    ['min-height', '100dvh'],
    ['width', 'expression(alert(1))'],
    ['color', 'red</style><script>'],
    ['font-family', '"\\3c"'],
  ])('leaves out %s: %s', (name, value) => {
    expect(cleanDeclarations(declared([name, value]), ANYWHERE)).toBe('');
  });

  it('lets a background be fetched when that is wanted, and not before', () => {
    const style = declared(['background-image', 'url("http://a.example/x.png")']);
    expect(cleanDeclarations(style, NOWHERE)).toBe('');
    expect(cleanDeclarations(style, ANYWHERE)).toBe('background-image: url("https://a.example/x.png");');
    const two = declared([
      'background-image',
      'url(http://a.example/x), image-set(url(http://b.example/y) 1x)',
    ]);
    expect(cleanDeclarations(two, ANYWHERE)).toBe('');
  });
});
