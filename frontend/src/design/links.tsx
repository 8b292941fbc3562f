import { ActionIcon, Anchor, Button, type ActionIconProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type LinkProps<P> = P & Omit<ComponentPropsWithRef<'a'>, keyof P>;

// They look like buttons and are links: for a reader, for the middle button of a mouse, for "open in a new tab".
const ButtonAnchor = (props: LinkProps<ButtonProps>) => <Button component="a" {...props} />;
const IconAnchor = (props: LinkProps<ActionIconProps>) => <ActionIcon component="a" {...props} />;

// Links inside the page, with its addresses and their parameters as types.
export const AnchorLink = createLink(Anchor<'a'>);
export const ButtonLink = createLink(ButtonAnchor);
export const IconLink = createLink(IconAnchor);
