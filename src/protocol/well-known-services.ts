/**
 * The services that public pages and code describe, as far as they do. Fields that a service may leave out are
 * optional.
 */
import type { JsonValue, UrlField } from './data';

export interface WellKnownServices {
  /** 微信 OCR · Reads pictures */
  wx79ac3de8be320b71: { OcrAllInOne: OcrAllInOne };
  /** 腾讯珊瑚内容安全 · Checks texts and pictures */
  wxee446d7507c68b11: {
    /** 文本内容安全 · Checks a text */
    msgSecCheck: { data: TextCheckData; answer: TextCheckAnswer };
    /** 图片内容安全 · Checks a picture */
    imgSecCheck: { data: ImageCheckData; answer: ImageCheckAnswer };
  };
  /** 腾讯位置服务 · Maps */
  wxc1c68623b7bdea7b: {
    /** 地点搜索 · Searches places */
    poiSearch: { data: PlaceSearchData; answer: PlaceSearchAnswer };
    /** 逆地址解析（坐标到地址） · The address of a place */
    rgeoc: { data: ReverseGeocodingData; answer: ReverseGeocodingAnswer };
  };
}

/** 图片文字识别；返回值由 `ocr_type` 决定 · Reads a picture; `ocr_type` decides about the answer */
export interface OcrAllInOne {
  data: OcrData;
  answer: this['data']['ocr_type'] extends keyof OcrAnswers
    ? OcrAnswers[this['data']['ocr_type']]
    : JsonValue;
}

export interface OcrData {
  /** 图片 URL，或 `new CDN(…)` · The picture's URL, or `new CDN(…)` */
  img_url: UrlField;
  /** 固定为 3：URL 形式的图片 · Always 3: a picture by URL */
  data_type: 3;
  /**
   * 1 身份证，2 银行卡，4 驾驶证，7 营业执照，8 通用印刷体；其他类型的返回值不作检查
   *
   * 1 identity card, 2 bank card, 4 driving licence, 7 business licence, 8 print; the answer of others is not checked
   */
  ocr_type: keyof OcrAnswers | (number & {});
}

/** By `ocr_type`. */
export interface OcrAnswers {
  1: { idcard_res: IdCardFront | IdCardBack };
  2: { bankcard_res: { number: OcrText } };
  4: { driving_license_res: DrivingLicense };
  7: { biz_license_res: BusinessLicense };
  8: { ocr_comm_res: { items: OcrText[] } };
}

/** 识别出的一项 · One text that was read */
export interface OcrText {
  text: string;
  /** 四角坐标 · Its corners */
  pos?: OcrPosition;
}

export interface OcrPosition {
  left_top: OcrPoint;
  right_top: OcrPoint;
  right_bottom: OcrPoint;
  left_bottom: OcrPoint;
}

export interface OcrPoint {
  x: number;
  y: number;
}

export interface IdCardFront {
  /** 0：正面 · 0: the front */
  type: 0;
  name: OcrText;
  id: OcrText;
  gender: OcrText;
  nationality: OcrText;
  birth: OcrText;
  address: OcrText;
  authority?: undefined;
  valid_date?: undefined;
}

export interface IdCardBack {
  /** 1：背面 · 1: the back */
  type: 1;
  authority: OcrText;
  valid_date: OcrText;
  name?: undefined;
  id?: undefined;
  gender?: undefined;
  nationality?: undefined;
  birth?: undefined;
  address?: undefined;
}

export interface DrivingLicense {
  id_num: OcrText;
  name: OcrText;
  sex?: OcrText;
  nationality?: OcrText;
  address?: OcrText;
  birth_date?: OcrText;
  issue_date?: OcrText;
  car_class?: OcrText;
  valid_from?: OcrText;
  valid_to?: OcrText;
}

export interface BusinessLicense {
  reg_num: OcrText;
  enterprise_name: OcrText;
  serial?: OcrText;
  legal_representative?: OcrText;
  type_of_organization?: OcrText;
  type_of_enterprise?: OcrText;
  address?: OcrText;
  business_scope?: OcrText;
  registered_capital?: OcrText;
  registered_date?: OcrText;
  valid_period?: OcrText;
  title?: OcrText;
}

export interface TextCheckData {
  Action: 'TextApproval';
  /** 待检查的文本 · The text to check */
  Text: string;
}

export interface TextCheckAnswer {
  Response: {
    /** 命中的内容；为空则通过 · What was found; empty when the text passes */
    EvilTokens: { EvilFlag?: number; EvilKeywords?: string | string[] }[];
  };
}

/** 检查的场景 · What a picture is checked for */
export type ImageScene = 'PORN' | 'POLITICS' | 'TERRORISM' | 'TEXT' | (string & {});

export interface ImageCheckData {
  Action: 'ImageModeration';
  Scenes: ImageScene[];
  /** 图片 URL，或 `new CDN(…)` · The picture's URL, or `new CDN(…)` */
  ImageUrl: UrlField;
  ImageBase64?: string;
  Config?: string;
  Extra?: string;
}

/** `PASS` 为通过 · `PASS` when it passes */
export type ImageSuggestion = 'PASS' | (string & {});

export interface ImageCheckAnswer {
  Response: {
    Suggestion: ImageSuggestion;
    PornResult?: { Suggestion: ImageSuggestion };
    PoliticsResult?: { Suggestion: ImageSuggestion };
    TerrorismResult?: { Suggestion: ImageSuggestion };
    TextResult?: { Suggestion: ImageSuggestion };
    Error?: JsonValue;
  };
}

export interface Coordinate {
  lat: number;
  lng: number;
}

export interface Place {
  id: string;
  title: string;
  address: string;
  category: string;
  location: Coordinate;
  tel?: string;
  _distance?: number;
  ad_info?: AdministrativeArea;
}

export interface AdministrativeArea {
  adcode: string | number;
  province: string;
  city: string;
  district: string;
  nation?: string;
  name?: string;
}

export interface PlaceSearchData {
  keyword: string;
  /** 范围，如 `region(宁波)`、`nearby(40.040415,116.273511,1000)` · Where, such as `nearby(40.040415,116.273511,1000)` */
  boundary: string;
  page_size?: number | string;
  page_index?: number | string;
  filter?: string;
  orderby?: string;
}

export interface PlaceSearchAnswer {
  /** 0 为正常 · 0 when all is well */
  status: number;
  message: string;
  count?: number;
  data: Place[];
}

export interface ReverseGeocodingData {
  /** `纬度,经度` · `latitude,longitude` */
  location: string;
  /** 1：同时返回周边地点 · 1: the places around as well */
  get_poi?: 0 | 1;
  poi_options?: string;
}

export interface ReverseGeocodingAnswer {
  /** 0 为正常 · 0 when all is well */
  status: number;
  message: string;
  result: {
    address: string;
    formatted_addresses?: { recommend?: string; rough?: string };
    address_component: {
      nation: string;
      province: string;
      city: string;
      district: string;
      street: string;
      street_number: string;
    };
    ad_info: AdministrativeArea;
    poi_count?: number;
    pois?: Place[];
  };
}
